import type { Attempt } from './data';

/** What all attempts of a call used and cost together. */
export interface Total {
  tokens: number;
  /** Null where no attempt has a price. */
  costUsd: number | null;
  /** Attempts whose cost is not known, beside others whose cost is. */
  unpriced: number;
}

/** Sums of a call's attempts, in whole nano-dollars. */
export function totalOf(attempts: readonly Pick<Attempt, 'totalTokens' | 'costUsd'>[]): Total {
  const costs = attempts.flatMap(({ costUsd }) => (costUsd == null ? [] : [Math.round(costUsd * 1e9)]));
  return {
    tokens: attempts.reduce((sum, attempt) => sum + attempt.totalTokens, 0),
    costUsd: costs.length === 0 ? null : costs.reduce((sum, cost) => sum + cost, 0) / 1e9,
    unpriced: costs.length === 0 ? 0 : attempts.length - costs.length,
  };
}
