import { expect, it } from 'vitest';
import { shownTokens } from './filter';
import type { Token } from './token-state';

const now = Date.parse('2026-11-21T00:00:00Z');
const base = { tokenHint: 'tg-…1234', ownerId: 1, isActive: true, budgetUsd: null, budgetUsedUsd: 0, lastUsedAt: null, expiresAt: null, createdAt: '2026-01-01T00:00:00Z' };
const tokens = [
  { ...base, id: 1, name: 'shop', budgetUsd: 10, budgetUsedUsd: 9, lastUsedAt: '2026-11-01T00:00:00Z' },
  { ...base, id: 2, name: 'bot', ownerId: 2, isActive: false, tokenHint: 'tg-…abcd' },
  { ...base, id: 3, name: 'old', expiresAt: '2026-02-01T00:00:00Z', budgetUsd: 10, lastUsedAt: '2026-01-15T00:00:00Z' },
] as unknown as Token[];
const ids = (search: Parameters<typeof shownTokens>[1]) => shownTokens(tokens, search, now).map(({ id }) => id);

it('shows the tokens that the address asks for', () => {
  expect(ids({})).toEqual([1, 2, 3]);
  expect(ids({ q: 'SHOP' })).toEqual([1]);
  expect(ids({ q: 'abcd' })).toEqual([2]);
  expect(ids({ state: 'off' })).toEqual([2]);
  expect(ids({ state: 'expired' })).toEqual([3]);
  expect(ids({ state: 'on' })).toEqual([1]);
  expect(ids({ state: 'unused' })).toEqual([2]);
  expect(ids({ owner: 2 })).toEqual([2]);
});

it('sorts by what is there, and puts what is not there last', () => {
  expect(ids({ sort: 'name' })).toEqual([2, 3, 1]);
  expect(ids({ sort: 'budget' })).toEqual([3, 1, 2]);
  expect(ids({ sort: 'budget', down: true })).toEqual([1, 3, 2]);
  expect(ids({ sort: 'used', down: true })).toEqual([1, 3, 2]);
});
