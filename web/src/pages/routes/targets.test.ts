import { describe, expect, it } from 'vitest';
import { complete, freeAlias, isTwice, nameOf, sharesOf, type Route } from './targets';

const one = { providerCode: 'openai', modelCode: 'gpt-4o' };
const other = { providerCode: 'anthropic', modelCode: 'claude', weight: 3 };

describe('targets of a route', () => {
  it('can be sent once each is complete and none is there twice', () => {
    expect(complete([one, other])).toEqual([{ ...one, weight: 0 }, other]);
    expect(complete([one, { providerCode: 'openai', modelCode: ' gpt-4o ' }])).toBeNull();
    expect(complete([one, { providerCode: 'openai' }])).toBeNull();
    expect(complete([undefined])).toBeNull();
    expect(complete([])).toBeNull();
  });

  it('tells which is there twice, and not the first of both', () => {
    const drafts = [one, other, { ...one, weight: 5 }];
    expect(drafts.map((_, place) => isTwice(drafts, place))).toEqual([false, false, true]);
    expect(isTwice([{}, {}], 1)).toBe(false);
  });

  it('shares the first tries by weight; without weights the first gets all', () => {
    expect(sharesOf([{ weight: 1 }, { weight: 3 }, {}])).toEqual([0.25, 0.75, 0]);
    expect(sharesOf([one, one])).toEqual([1, 0]);
  });

  it('is named as far as it is typed', () => {
    expect(nameOf(one)).toBe('openai/gpt-4o');
    expect(nameOf({ providerCode: 'openai' })).toBe('openai');
    expect(nameOf(undefined)).toBe('');
  });

  it('finds a name that is free', () => {
    const routes = [{ alias: 'fast' }, { alias: 'fast-copy' }] as Route[];
    expect(freeAlias('fast-copy', routes)).toBe('fast-copy-2');
    expect(freeAlias('new', routes)).toBe('new');
  });
});
