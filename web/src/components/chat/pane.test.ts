import { describe, expect, it } from 'vitest';
import { ApiError } from '@/api/errors';
import type { Answer, Entry } from './conversation';
import { type Ask, isBusy, Pane } from './pane';

const question: Entry = { kind: 'question', id: 'q', text: 'Hello?', pictures: [] };
const body = { model: 'm', messages: [] };

/** A clock that stands, and frames that come when they are told to. */
function clock() {
  const frames: (() => void)[] = [];
  return {
    now: () => 0,
    frame: (callback: () => void) => void frames.push(callback),
    draw: () => frames.splice(0).forEach((frame) => frame()),
  };
}

const last = (pane: Pane) => pane.snapshot().entries.at(-1) as Answer;

describe('a column of the playground', () => {
  it('shows what has come once a frame, and all of it at the end', async () => {
    const time = clock();
    const pane = new Pane(time);
    let drawn = 0;
    let release = () => {};
    const gate = new Promise<void>((resolve) => (release = resolve));
    const ask: Ask = async function* (_body, _signal, onHead) {
      onHead({ requestId: 'r1', provider: 'p' });
      yield { delta: { content: 'He' } };
      yield { delta: { content: 'llo' } };
      await gate;
      yield { delta: {}, finishReason: 'stop', cost: { amount: null } };
    };
    const run = pane.run([question], body, ask);
    pane.subscribe(() => (drawn += 1));
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve));

    expect(isBusy(pane.snapshot())).toBe(true);
    expect(last(pane).text).toBe('');
    time.draw();
    expect(last(pane)).toMatchObject({ text: 'Hello', state: 'streaming', requestId: 'r1' });
    expect(drawn).toBe(1);

    release();
    await run;
    expect(last(pane)).toMatchObject({ state: 'done', finishReason: 'stop', costUsd: null });
    expect(isBusy(pane.snapshot())).toBe(false);
  });

  it('keeps what came before it was stopped, and hears nothing afterwards', async () => {
    const pane = new Pane(clock());
    let signal: AbortSignal | undefined;
    const ask: Ask = async function* (_body, given) {
      signal = given;
      yield { delta: { content: 'half' } };
      await new Promise((resolve) => given.addEventListener('abort', resolve));
      yield { delta: { content: ' and the rest' } };
    };
    const run = pane.run([question], body, ask);
    await new Promise((resolve) => setTimeout(resolve));

    pane.stop();
    await run;

    expect(signal?.aborted).toBe(true);
    expect(last(pane)).toMatchObject({ state: 'stopped', text: 'half' });
  });

  it('keeps a failure with its words beside what had come', async () => {
    const pane = new Pane(clock());
    const ask: Ask = async function* () {
      yield { delta: { content: 'half' } };
      throw new ApiError('provider_error', 'The provider failed', 502, 'r9');
    };

    await pane.run([question], body, ask);

    expect(last(pane)).toMatchObject({ state: 'failed', text: 'half', requestId: 'r9' });
    expect(last(pane).problem?.message).toBe('The provider failed');
  });

  it('lets a new question end the answer before', async () => {
    const pane = new Pane(clock());
    const never: Ask = async function* (_body, signal) {
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      yield { delta: { content: 'too late' } };
    };
    const once: Ask = async function* () {
      yield { delta: { content: 'new' } };
    };
    const first = pane.run([question], body, never);

    await pane.run([question], body, once);
    await first;

    expect(pane.snapshot().entries).toHaveLength(2);
    expect(last(pane)).toMatchObject({ state: 'done', text: 'new' });
  });
});
