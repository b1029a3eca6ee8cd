import { describe, expect, it } from 'vitest';
import { countOf, doneOf, nextOf, type Facts } from './steps';
import { choicesOf, codeOf, type Choosable } from './choices';
import { validateSearch } from './search';

const nothing: Facts = { activeKeys: 0, hasGoodKey: false, hasAnswer: false, tokens: 0, hasAppCall: false };

describe('the first steps', () => {
  it('lead one after the other from nothing to the call of an app', () => {
    const ways: [Partial<Facts>, string | undefined, number][] = [
      [{}, 'key', 0],
      [{ activeKeys: 1 }, 'check', 1],
      [{ activeKeys: 1, hasGoodKey: true }, 'answer', 2],
      [{ activeKeys: 1, hasGoodKey: true, hasAnswer: true }, 'token', 3],
      [{ activeKeys: 1, hasGoodKey: true, hasAnswer: true, tokens: 1 }, 'call', 4],
      [{ activeKeys: 1, hasGoodKey: true, hasAnswer: true, tokens: 1, hasAppCall: true }, undefined, 5],
    ];
    for (const [facts, next, count] of ways) {
      const done = doneOf({ ...nothing, ...facts });
      expect([nextOf(done), countOf(done)]).toEqual([next, count]);
    }
  });

  it('take an answer for a proof of its key', () => {
    expect(doneOf({ ...nothing, activeKeys: 1, hasAnswer: true }).check).toBe(true);
  });

  it('are not done as long as nothing is known', () => {
    const unknown = { activeKeys: undefined, hasGoodKey: undefined, hasAnswer: undefined, tokens: undefined, hasAppCall: undefined };
    expect(countOf(doneOf(unknown))).toBe(0);
  });

  it('are opened by the address', () => {
    expect(validateSearch({ step: 'token' })).toEqual({ step: 'token' });
    expect(validateSearch({ step: 'x' })).toEqual({});
  });
});

describe('the providers to choose from', () => {
  const provider = (id: number, code: string, isActive: boolean, baseUrl = 'https://x') =>
    ({ id, providerCode: code, providerName: code.toUpperCase(), isActive, baseUrl }) as Choosable;

  it('are those that are on, then all others and what is known, each once', () => {
    const { first, others } = choicesOf([provider(1, 'a', true), provider(2, 'b', false)], [
      { providerCode: 'b', providerName: 'B', baseUrl: '' },
      { providerCode: 'c', providerName: 'C', baseUrl: 'https://{name}.x' },
    ]);
    expect(first.map((choice) => choice.value)).toEqual(['provider:1']);
    expect(others.map((choice) => [choice.value, choice.needsUrl])).toEqual([['provider:2', false], ['preset:c', true]]);
  });

  it('get a code of their name', () => {
    expect(codeOf('My Server 2!')).toBe('my-server-2');
    expect(codeOf('本地')).toBe('custom');
  });
});
