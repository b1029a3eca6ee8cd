import { describe, expect, test } from 'vitest';
import { allOut, passes, remediesOf, restsUntil, stateOf, usesOf, type KeyState, type UpstreamKey } from './state';

const key = (change: Partial<UpstreamKey>) =>
  ({ isActive: true, status: 'normal', lastUsedAt: '2026-11-21T10:00:00Z', lastValidatedAt: null, coolingUntil: null, ...change }) as UpstreamKey;

test.each<[KeyState, Partial<UpstreamKey>]>([
  ['normal', {}],
  ['unvalidated', { lastUsedAt: null }],
  ['normal', { lastUsedAt: null, lastValidatedAt: '2026-11-21T10:00:00Z' }],
  ['off', { isActive: false, status: 'invalid' }],
  ['quota_exceeded', { status: 'quota_exceeded', lastUsedAt: null }],
])('a key is %s', (state, change) => {
  expect(stateOf(key(change))).toBe(state);
});

test('every state but normal has a remedy, and one that cannot be opened has to be typed again', () => {
  const states: KeyState[] = ['unvalidated', 'rate_limited', 'cooling', 'quota_exceeded', 'invalid', 'undecryptable', 'off'];
  for (const state of states) expect(remediesOf(state), state).not.toHaveLength(0);
  expect(remediesOf('normal')).toEqual([]);
  expect(remediesOf('undecryptable')).toEqual(['replace']);
});

test('only a key that is on and out rests until a time', () => {
  const at = '2026-11-21T11:00:00Z';
  expect(restsUntil(key({ status: 'cooling', coolingUntil: at }))).toBe(at);
  expect(restsUntil(key({ status: 'cooling', coolingUntil: at, isActive: false }))).toBeNull();
  expect(restsUntil(key({ status: 'normal', coolingUntil: at }))).toBeNull();
});

test('filters tell the usable, the troubled and those that are off apart', () => {
  const states: KeyState[] = ['normal', 'unvalidated', 'cooling', 'off'];
  const passing = (filter: Parameters<typeof passes>[1]) => states.filter((state) => passes(state, filter));
  expect(passing(undefined)).toEqual(states);
  expect(passing('usable')).toEqual(['normal', 'unvalidated']);
  expect(passing('trouble')).toEqual(['cooling']);
  expect(passing('off')).toEqual(['off']);
});

describe('a provider is out of keys', () => {
  test('when every key that is on is out, not when there is none', () => {
    expect(allOut([])).toBe(false);
    expect(allOut([key({ isActive: false })])).toBe(false);
    expect(allOut([key({ status: 'invalid' }), key({ isActive: false })])).toBe(true);
    expect(allOut([key({ status: 'invalid' }), key({})])).toBe(false);
  });
});

test('what was used is told with the limit that holds; calls under way only where they are limited', () => {
  const room = (limit: number | null, isLearned = false) => ({ limit, left: null, isLearned });
  const headroom = { rpm: room(60), tpm: room(90_000, true), rpd: room(null), concurrent: room(null) };
  const uses = usesOf(key({ headroom, rpmUsed: 4, tpmUsed: 100, rpdUsed: 7, inFlight: 1 }));
  expect(uses).toEqual([
    { name: 'rpm', used: 4, limit: 60, isLearned: false },
    { name: 'tpm', used: 100, limit: 90_000, isLearned: true },
    { name: 'rpd', used: 7, limit: null, isLearned: false },
  ]);
  expect(usesOf(key({ headroom: { ...headroom, concurrent: room(2) } }))).toHaveLength(4);
});
