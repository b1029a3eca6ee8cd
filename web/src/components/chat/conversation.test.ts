import { describe, expect, it } from 'vitest';
import { type Answer, beforeLastAnswer, costOf, type Entry, messagesOf, openCalls } from './conversation';
import { estimatedTokens, speedOf } from './measures';
import { withEvent } from './stream-event';

const answer = (more: Partial<Answer> = {}): Answer => ({
  kind: 'answer',
  id: 'a',
  model: 'm',
  state: 'done',
  text: '',
  reasoning: '',
  refusal: '',
  calls: [],
  startedAt: 1000,
  ...more,
});
const question = (text: string, url?: string): Entry => ({
  kind: 'question',
  id: text,
  text,
  pictures: url ? [{ id: url, name: 'p', url }] : [],
});
const call = (id: string) => ({ id, type: 'function' as const, function: { name: 'f', arguments: '{}' } });

describe('the conversation that a model reads', () => {
  it('has the system prompt, pictures, calls and results', () => {
    const entries = [
      question('What?', 'data:image/png;base64,AA'),
      answer({ calls: [call('c1')] }),
      { kind: 'results', id: 'r', results: { c1: '42' } } as Entry,
    ];
    expect(messagesOf('Be short.', entries)).toEqual([
      { role: 'system', content: 'Be short.' },
      { role: 'user', content: [
        { type: 'text', text: 'What?' },
        { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } },
      ] },
      { role: 'assistant', content: null, tool_calls: [call('c1')] },
      { role: 'tool', tool_call_id: 'c1', content: '42' },
    ]);
  });

  it('leaves out an answer that failed before its first word, and an empty system prompt', () => {
    const entries = [question('a'), answer({ state: 'failed' }), question('b')];
    expect(messagesOf(' ', entries).map((message) => message.role)).toEqual(['user', 'user']);
  });

  it('waits for results only after an answer that ended', () => {
    expect(openCalls([answer({ calls: [call('c')] })])).toHaveLength(1);
    expect(openCalls([answer({ calls: [call('c')], state: 'stopped' })])).toEqual([]);
    expect(openCalls([answer({ calls: [call('c')] }), question('x')])).toEqual([]);
  });

  it('goes back to the last question', () => {
    expect(beforeLastAnswer([question('a'), answer(), question('b'), answer()])).toHaveLength(3);
    expect(beforeLastAnswer([question('a')])).toHaveLength(1);
  });

  it('has no price where one answer has none', () => {
    expect(costOf([question('a')])).toBeUndefined();
    expect(costOf([answer({ costUsd: 1 }), answer({ costUsd: 2 }), answer()])).toBe(3);
    expect(costOf([answer({ costUsd: 1 }), answer({ costUsd: null })])).toBeNull();
  });
});

describe('an event of a stream', () => {
  it('adds to the answer and notes when the first word came', () => {
    const open = answer({ state: 'waiting' });
    const first = withEvent(open, { delta: { reasoning: 'hm' } }, 1400);
    const second = withEvent(first, { delta: { content: 'Hi' } }, 1900);
    expect(second).toMatchObject({ state: 'streaming', reasoning: 'hm', text: 'Hi', firstTokenMs: 400 });
    const usage = { promptTokens: 1, completionTokens: 2 };
    const end = withEvent(second, { delta: {}, finishReason: 'stop', usage, cost: { amount: 0.5 } }, 2000);
    expect(end).toMatchObject({ finishReason: 'stop', usage, costUsd: 0.5, firstTokenMs: 400 });
  });

  it('puts the pieces of several calls where they belong', () => {
    const pieces = [
      [{ index: 0, id: 'a', function: { name: 'f', arguments: '' } }],
      [{ index: 0, function: { arguments: '{"x":' } }],
      [{ index: 1, id: 'b', function: { name: 'g', arguments: '{}' } }],
      [{ index: 0, id: '', function: { name: '', arguments: '1}' } }],
    ];
    const end = pieces.reduce((state, toolCalls) => withEvent(state, { delta: { toolCalls } }, 0), answer());
    expect(end.calls).toEqual([
      { id: 'a', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
      { id: 'b', type: 'function', function: { name: 'g', arguments: '{}' } },
    ]);
  });

  it('reads the calls of a whole answer, which have no index', () => {
    const toolCalls = [call('a'), call('b')];
    expect(withEvent(answer(), { delta: { toolCalls } }, 0).calls).toEqual(toolCalls);
  });
});

describe('the speed of an answer', () => {
  it('counts from the first token, by the provider where it counted', () => {
    const done = answer({ firstTokenMs: 500, totalMs: 2500, usage: { promptTokens: 1, completionTokens: 100 } });
    expect(speedOf(done)).toEqual({ perSecond: 50, isEstimate: false });
  });

  it('is estimated while it streams, and unknown where it says nothing', () => {
    const live = answer({ state: 'streaming', firstTokenMs: 500, totalMs: 2500, text: 'x'.repeat(400) });
    expect(speedOf(live)).toEqual({ perSecond: 50, isEstimate: true });
    expect(speedOf(answer())).toBeUndefined();
    expect(speedOf(answer({ firstTokenMs: 500, totalMs: 510, text: 'abc' }))).toBeUndefined();
  });

  it('takes a Chinese character for more than a Latin one', () => {
    expect(estimatedTokens('hello world!')).toBe(3);
    expect(estimatedTokens('你好，世界')).toBe(4);
  });
});
