import AxeBuilder from '@axe-core/playwright';
import { mkdirSync } from 'node:fs';
import { buffer } from 'node:stream/consumers';
import type { Download, Page } from 'playwright-core';
import { screenshots } from './places';

/** Sizes that pages are looked at in. */
export const sizes = { wide: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

/** Takes a picture: `e2e/screenshots/<name>.png`, or in another folder. */
export async function shot(page: Page, name: string, folder = screenshots): Promise<void> {
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: `${folder}${name}.png`, animations: 'disabled' });
}

/** Fails on what axe-core finds serious or critical: names the rule and the places. */
export async function axe(page: Page, of: 'everything' | 'colours' = 'everything'): Promise<void> {
  // Colours are judged when nothing fades any more; what turns without end (a button at work) is not waited for.
  await page.evaluate(() => {
    const ending = document.getAnimations().filter((each) => each.effect?.getComputedTiming().iterations !== Infinity);
    return Promise.all(ending.map((each) => each.finished.catch(() => null)));
  });
  // In the page alone, which has no frames of others, and without the long lists of what is right: that is four times as fast.
  const asked = new AxeBuilder({ page }).setLegacyMode(true).options({ resultTypes: ['violations'] });
  if (of === 'colours') asked.withRules(['color-contrast', 'link-in-text-block']);
  const { violations } = await asked.analyze();
  const serious = violations.filter((each) => each.impact === 'serious' || each.impact === 'critical');
  if (serious.length === 0) return;
  const told = serious.map(({ id, help, nodes }) =>
    [`${id}: ${help}`, ...nodes.slice(0, 5).map((node) => `  ${node.target.join(' ')}\n    ${node.html.slice(0, 300)}\n    ${node.failureSummary?.replace(/\s+/g, ' ') ?? ''}`)].join('\n'),
  );
  throw new Error(`axe-core finds ${serious.length} serious violations at ${page.url()}:\n${told.join('\n')}`);
}

/** Whether the page can be read without moving it sideways. */
export async function fits(page: Page): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
  if (over > 1) throw new Error(`${page.url()} is ${over} pixels wider than the screen`);
}

/** What is in a file that the browser was handed. */
export async function textOf(download: Download): Promise<string> {
  return (await buffer(await download.createReadStream())).toString();
}
