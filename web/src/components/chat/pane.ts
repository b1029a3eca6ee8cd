import { type ApiError, asApiError } from '@/api/errors';
import type { ChatBody } from '../snippets/chat-body';
import { type Answer, type Entry, isRunning, newId } from './conversation';
import { type StreamEvent, withEvent } from './stream-event';

/** What is known of a call before its answer. */
export interface Head {
  requestId?: string;
  provider?: string;
  attempts?: number;
  keyId?: number;
}

/** Sends a request and yields what comes of it; throws an `ApiError`. */
export type Ask = (
  body: ChatBody,
  signal: AbortSignal,
  onHead: (head: Head) => void,
) => AsyncIterable<StreamEvent>;

export interface PaneState {
  entries: readonly Entry[];
}

interface Clock {
  now: () => number;
  /** Calls back before the next picture of the screen. */
  frame: (callback: () => void) => void;
}

const browserClock: Clock = {
  now: () => performance.now(),
  frame: (callback) => void requestAnimationFrame(callback),
};

/**
 * One column: a conversation with one model, outside of React, so that a stream redraws only its own answer
 * and goes on while another page is open. What comes within one picture of the screen is shown at once.
 */
export class Pane {
  private state: PaneState = { entries: [] };
  private readonly listeners = new Set<() => void>();
  private running?: AbortController;
  private isFrameAsked = false;
  private live?: Answer;

  constructor(private readonly clock: Clock = browserClock) {}

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };

  snapshot = (): PaneState => this.state;

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Puts other entries in place; what runs is stopped. */
  replace(entries: readonly Entry[]): void {
    this.stop();
    this.show(entries);
  }

  /** Asks, `entries` being the whole conversation up to the question. */
  async run(entries: readonly Entry[], body: ChatBody, ask: Ask): Promise<void> {
    this.stop();
    const control = new AbortController();
    this.running = control;
    this.live = opened(body.model, this.clock.now());
    this.show([...entries, this.live]);
    try {
      const onHead = (head: Head) => this.change(control, (answer) => ({ ...answer, ...head }));
      for await (const event of ask(body, control.signal, onHead)) {
        this.change(control, (answer) => withEvent(answer, event, this.clock.now()));
      }
      this.end(control, 'done');
    } catch (error) {
      this.end(control, 'failed', asApiError(error));
    }
  }

  /** Ends what runs; what has come of it stays. The upstream call ends with it. */
  stop(): void {
    const { running } = this;
    if (!running) return;
    this.end(running, 'stopped');
    running.abort();
  }

  private change(control: AbortController, how: (answer: Answer) => Answer): void {
    if (this.running !== control || !this.live) return;
    this.live = how(this.live);
    if (this.isFrameAsked) return;
    this.isFrameAsked = true;
    this.clock.frame(() => {
      this.isFrameAsked = false;
      this.showLive();
    });
  }

  private end(control: AbortController, state: Answer['state'], problem?: ApiError): void {
    if (this.running !== control || !this.live) return;
    const totalMs = this.clock.now() - this.live.startedAt;
    this.live = { ...this.live, state, totalMs, ...(problem && { problem }) };
    if (problem?.requestId) this.live.requestId ??= problem.requestId;
    this.running = undefined;
    this.showLive();
  }

  private showLive(): void {
    const { live } = this;
    const last = this.state.entries.at(-1);
    if (!live || last?.kind !== 'answer' || last.id !== live.id) return;
    this.show([...this.state.entries.slice(0, -1), live]);
  }

  private show(entries: readonly Entry[]): void {
    this.state = { entries };
    for (const listener of this.listeners) listener();
  }
}

function opened(model: string, startedAt: number): Answer {
  return {
    kind: 'answer',
    id: newId(),
    model,
    state: 'waiting',
    text: '',
    reasoning: '',
    refusal: '',
    calls: [],
    startedAt,
  };
}

/** Whether a conversation's last answer is under way. */
export function isBusy(state: PaneState): boolean {
  const last = state.entries.at(-1);
  return last?.kind === 'answer' && isRunning(last);
}
