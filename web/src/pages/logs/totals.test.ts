import { describe, expect, it } from 'vitest';
import { totalOf } from './totals';

describe('what a call cost', () => {
  it('is the sum of its attempts to the nano-dollar', () => {
    const attempts = [{ totalTokens: 3, costUsd: 0.1 }, { totalTokens: 4, costUsd: 0.2 }, { totalTokens: 0, costUsd: 0 }];
    expect(totalOf(attempts)).toEqual({ tokens: 7, costUsd: 0.3, unpriced: 0 });
  });

  it('is not known where no attempt has a price, and less than all where one has none', () => {
    expect(totalOf([{ totalTokens: 3, costUsd: null }])).toEqual({ tokens: 3, costUsd: null, unpriced: 0 });
    expect(totalOf([{ totalTokens: 3, costUsd: null }, { totalTokens: 1, costUsd: 0.5 }])).toEqual({ tokens: 4, costUsd: 0.5, unpriced: 1 });
  });
});
