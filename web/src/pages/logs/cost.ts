import { numberFormat } from '@/format';

/**
 * An amount to the last digit that the API tells: at most twelve places, thousandths of a nano-dollar. A float
 * holds such an amount exactly up to some nine thousand dollars, which no call costs.
 */
export function exactUsd(usd: number): string {
  const text = numberFormat({ minimumFractionDigits: 2, maximumFractionDigits: 12 }).format(Math.abs(usd));
  return `${usd < 0 ? '−' : ''}$${text}`;
}

/** A price as people compare it: dollars for a million tokens. */
export function perMillion(per1k: number): string {
  return exactUsd(Math.round(per1k * 1e12) / 1e9);
}

/** What rounding changed, in dollars; 0 where the sum is whole nano-dollars. */
export function roundedBy(sum: number, total: number): number {
  const difference = Math.round((total - sum) * 1e12) / 1e12;
  return Object.is(difference, -0) ? 0 : difference;
}
