import { describe, expect, test } from 'vitest';
import { place, prioritiesOf, sameTiers, step, tiersOf } from './tiers';

test('keys of one priority are one tier, the highest first', () => {
  const keys = [{ id: 1, priority: 50 }, { id: 2, priority: 100 }, { id: 3, priority: 100 }, { id: 4, priority: -1 }];
  expect(tiersOf(keys)).toEqual([[2, 3], [1], [4]]);
});

describe('a key is put', () => {
  test.each([
    ['into another tier', { into: 1 }, [[2], [3, 1]]],
    ['into the tier it is in', { into: 0 }, [[2, 1], [3]]],
    ['before everything', { before: 0 }, [[1], [2], [3]]],
    ['between two tiers', { before: 1 }, [[2], [1], [3]]],
    ['behind everything', { before: 2 }, [[2], [3], [1]]],
  ])('%s', (_name, to, after) => {
    expect(place([[1, 2], [3]], 1, to)).toEqual(after);
  });

  test('and a tier that it leaves empty is gone', () => {
    expect(place([[1], [2]], 1, { into: 1 })).toEqual([[2, 1]]);
    expect(place([[1], [2], [3]], 3, { before: 0 })).toEqual([[3], [1], [2]]);
  });
});

test('steps lead from the first place to the last, and back', () => {
  const start = [[1], [2], [3]];
  const down = [[[2, 1], [3]], [[2], [1], [3]], [[2], [3, 1]], [[2], [3], [1]], [[2], [3], [1]]];
  let now = start;
  for (const expected of down) {
    now = step(now, 1, 'down');
    expect(now).toEqual(expected);
  }
  for (let count = 0; count < 4; count += 1) now = step(now, 1, 'up');
  expect(sameTiers(now, start)).toBe(true);
  expect(step(now, 1, 'up')).toEqual(now);
});

test('a key that is not there moves nothing', () => {
  expect(step([[1]], 9, 'up')).toEqual([[1]]);
});

test('priorities begin at that of new keys, and stay above zero with many tiers', () => {
  expect(prioritiesOf([[2], [1, 3]])).toEqual([
    { keyId: 2, priority: 100 },
    { keyId: 1, priority: 90 },
    { keyId: 3, priority: 90 },
  ]);
  const many = prioritiesOf(Array.from({ length: 12 }, (_, id) => [id]));
  expect([many[0]?.priority, many[11]?.priority]).toEqual([120, 10]);
});
