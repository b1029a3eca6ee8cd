import type { Locator, Page } from 'playwright-core';

/** What a task took whoever played it. */
export interface Effort {
  clicks: number;
  /** Keys that do something by themselves: Enter, Escape, Ctrl+K, Ctrl+V. */
  keys: number;
  /** Fields that were typed into, and the characters of all of them. */
  fields: number;
  characters: number;
  /** From opening the page to the last thing seen, without the time a person needs. */
  seconds: number;
}

/** Seconds that a practised person needs (Card, Moran and Newell's keystroke-level model). */
const CLICK_S = 1.3;
const KEY_S = 0.28;
const THOUGHT_S = 1.35;

/** A busy machine takes its time. */
const patience = { timeout: 30_000 };

/** A person at a page: what they do is counted. */
export class Hand {
  private clicks = 0;
  private keys = 0;
  private fields = 0;
  private characters = 0;
  private readonly begun = performance.now();

  constructor(readonly page: Page) {}

  async click(target: Locator): Promise<void> {
    this.clicks += 1;
    await target.click(patience);
  }

  /** Types into a field; clicks into it first where it has not the focus. */
  async type(target: Locator, text: string): Promise<void> {
    await this.enter(target);
    this.characters += text.length;
    await this.page.keyboard.type(text);
  }

  /** The same with what nobody types: keys, tokens, addresses. */
  async paste(target: Locator, text: string): Promise<void> {
    await this.enter(target);
    this.keys += 1;
    await this.page.keyboard.insertText(text);
  }

  private async enter(field: Locator): Promise<void> {
    await field.waitFor(patience);
    if (!(await field.evaluate((element) => element === document.activeElement))) await this.click(field);
    this.fields += 1;
  }

  async press(key: string): Promise<void> {
    this.keys += 1;
    await this.page.keyboard.press(key);
  }

  /** The browser's own way back: Alt+←. */
  async back(): Promise<void> {
    this.keys += 1;
    await this.page.goBack();
  }

  /** Reads what is there, or comes. */
  async see(target: Locator): Promise<void> {
    await target.waitFor(patience);
  }

  effort(): Effort {
    const { clicks, keys, fields, characters } = this;
    return { clicks, keys, fields, characters, seconds: (performance.now() - this.begun) / 1000 };
  }
}

/** How long a person takes for it, the machine's own time included. */
export function personSeconds({ clicks, keys, fields, characters, seconds }: Effort): number {
  return seconds + clicks * CLICK_S + (keys + characters) * KEY_S + (clicks + keys + fields) * THOUGHT_S;
}
