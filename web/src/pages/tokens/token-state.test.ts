import { describe, expect, it } from 'vitest';
import { daysUpTo, eachDay, limitOf, spentShare, stateOf, type Token, type TokenUsage } from './token-state';

const now = Date.parse('2026-11-21T12:00:00Z');

function token(change: Partial<Token>): Token {
  return { isActive: true, expiresAt: null, budgetUsd: null, budgetUsedUsd: 0, ...change } as Token;
}

describe('app tokens', () => {
  it('are off before they are expired, and expired at their very moment', () => {
    expect(stateOf(token({}), now)).toBe('on');
    expect(stateOf(token({ isActive: false, expiresAt: '2026-01-01T00:00:00Z' }), now)).toBe('off');
    expect(stateOf(token({ expiresAt: '2026-11-21T12:00:00Z' }), now)).toBe('expired');
    expect(stateOf(token({ expiresAt: '2026-11-21T12:00:01Z' }), now)).toBe('on');
  });

  it('tell how much of their budget is spent; of nothing all is', () => {
    expect(spentShare(token({}))).toBeNull();
    expect(spentShare(token({ budgetUsd: 20, budgetUsedUsd: 5 }))).toBe(0.25);
    expect(spentShare(token({ budgetUsd: 0 }))).toBe(1);
    expect(spentShare(token({ budgetUsd: 1, budgetUsedUsd: 1.5 }))).toBe(1);
  });

  it('have no limit where it is 0', () => {
    expect([null, undefined, 0, 60].map(limitOf)).toEqual([null, null, null, 60]);
  });
});

describe('days of usage', () => {
  it('are all there, empty ones as zeros, also over the end of a month', () => {
    const days = daysUpTo('2026-11-02', 4);
    expect(days).toEqual(['2026-10-30', '2026-10-31', '2026-11-01', '2026-11-02']);

    const rows = [{ date: '2026-11-01', totalRequests: 3, errorCount: 1, totalCost: 0.5, totalTokens: 9 } as TokenUsage];
    expect(eachDay(rows, days).map(({ calls, cost }) => [calls, cost])).toEqual([[0, 0], [0, 0], [3, 0.5], [0, 0]]);
  });
});
