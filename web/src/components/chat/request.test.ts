import { describe, expect, it } from 'vitest';
import { bodyOf, extraOf, initialParameters, inOurWords, toolsOf } from './request';

describe('the request', () => {
  it('holds only what was set', () => {
    const entries = [{ kind: 'question' as const, id: 'q', text: 'Hi', pictures: [] }];
    expect(bodyOf('m', { ...initialParameters, isStream: false }, entries)).toEqual({
      model: 'm',
      messages: [{ role: 'user', content: 'Hi' }],
    });
    const all = {
      ...initialParameters,
      temperature: 0,
      topP: 1,
      maxTokens: 5,
      stop: ['x'],
      isJson: true,
      tools: '{"name": "f"}',
      extra: '{"seed": 1}',
    };
    expect(bodyOf('m', all, entries)).toMatchObject({
      temperature: 0,
      top_p: 1,
      max_tokens: 5,
      stop: ['x'],
      response_format: { type: 'json_object' },
      tools: [{ type: 'function', function: { name: 'f' } }],
      seed: 1,
      stream: true,
    });
  });

  it('takes our names on its way to us', () => {
    expect(inOurWords({ model: 'm', messages: [], max_tokens: 1, top_p: 1, seed: 2 })).toEqual({
      model: 'm',
      messages: [],
      maxTokens: 1,
      topP: 1,
      seed: 2,
    });
  });

  it('says what is wrong with tools', () => {
    expect(toolsOf('')).toEqual({ ok: true, value: [] });
    expect(toolsOf('[{').ok).toBe(false);
    expect(toolsOf('[{"name": "a"}, {"description": "b"}]')).toEqual({ ok: false, why: 'shape', detail: '[1]' });
    expect(toolsOf('[{"type": "web_search"}]')).toEqual({ ok: true, value: [{ type: 'web_search' }] });
  });

  it('says what is wrong with further fields', () => {
    expect(extraOf('[]')).toMatchObject({ ok: false, why: 'shape' });
    expect(extraOf('{"model": "x"}')).toEqual({ ok: false, why: 'shape', detail: 'model' });
    expect(extraOf('{"seed": 1}')).toEqual({ ok: true, value: { seed: 1 } });
  });
});
