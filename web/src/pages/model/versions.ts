import type { components } from '@/api/schema';

export type Price = components['schemas']['PriceView'];

/** The tiers that hold from one moment on. */
export interface Version {
  validFrom: string;
  /** When the next version took its place; none for the last. */
  until: string | null;
  state: 'current' | 'coming' | 'former';
  source: string;
  /** From the shortest prompts up. */
  tiers: Price[];
}

/** The versions of a model's prices, the newest first. */
export function versionsOf(prices: readonly Price[], nowMs: number): Version[] {
  const starts = [...new Set(prices.map((price) => price.validFrom))].sort((a, b) => Date.parse(b) - Date.parse(a));
  const current = starts.find((start) => Date.parse(start) <= nowMs);
  return starts.map((validFrom, place) => {
    const tiers = prices.filter((price) => price.validFrom === validFrom);
    tiers.sort((a, b) => a.tierMinPromptTokens - b.tierMinPromptTokens);
    return {
      validFrom,
      until: starts[place - 1] ?? null,
      state: validFrom === current ? 'current' : Date.parse(validFrom) > nowMs ? 'coming' : 'former',
      source: tiers[0]?.source ?? 'manual',
      tiers,
    };
  });
}

/** The catalogue's prices hold from the beginning of time: their date says nothing. */
export function isFromTheBeginning(validFrom: string): boolean {
  return Date.parse(validFrom) <= Date.parse('2000-01-01T00:00:00Z');
}
