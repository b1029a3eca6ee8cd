import { perThousand } from '../models/rates';
import type { NewPrice } from './data';

export interface TierValues {
  tierMinPromptTokens: number | null;
  costPer1kPromptTokens: string | null;
  costPer1kCompletionTokens: string | null;
  costPer1kCacheReadTokens: string | null;
  costPer1kCacheWriteTokens: string | null;
}

/** What the form of a price holds: decimals for a million tokens; the moment in RFC 3339. */
export interface PriceValues extends Omit<TierValues, 'tierMinPromptTokens'> {
  validFrom: string | null;
  costPer1kCacheWrite1hTokens: string | null;
  requestFee: string | null;
  tiers: Partial<TierValues>[];
}

export const emptyPrice: PriceValues = {
  validFrom: null,
  costPer1kPromptTokens: null,
  costPer1kCompletionTokens: null,
  costPer1kCacheReadTokens: null,
  costPer1kCacheWriteTokens: null,
  costPer1kCacheWrite1hTokens: null,
  requestFee: null,
  tiers: [],
};

/** A price as the API takes it. */
export function priceOf(values: PriceValues): NewPrice {
  return {
    ...(values.validFrom ? { validFrom: values.validFrom } : {}),
    ...given('costPer1kPromptTokens', perThousand(values.costPer1kPromptTokens)),
    ...given('costPer1kCompletionTokens', perThousand(values.costPer1kCompletionTokens)),
    costPer1kCacheReadTokens: perThousand(values.costPer1kCacheReadTokens),
    costPer1kCacheWriteTokens: perThousand(values.costPer1kCacheWriteTokens),
    costPer1kCacheWrite1hTokens: perThousand(values.costPer1kCacheWrite1hTokens),
    requestFee: values.requestFee === null || values.requestFee === '' ? null : Number(values.requestFee),
    ...(values.tiers.length > 0 ? { tiers: values.tiers.map(tierOf) } : {}),
  };
}

function given<Name extends string>(name: Name, value: number | null) {
  return value === null ? {} : ({ [name]: value } as Record<Name, number>);
}

function tierOf(tier: Partial<TierValues>) {
  return {
    tierMinPromptTokens: tier.tierMinPromptTokens ?? 0,
    costPer1kPromptTokens: perThousand(tier.costPer1kPromptTokens),
    costPer1kCompletionTokens: perThousand(tier.costPer1kCompletionTokens),
    costPer1kCacheReadTokens: perThousand(tier.costPer1kCacheReadTokens),
    costPer1kCacheWriteTokens: perThousand(tier.costPer1kCacheWriteTokens),
  };
}

/** Whether the price is far enough to be looked at: both main rates, and a date that is over. */
export function pricesThePast(values: Partial<PriceValues> | undefined, nowMs: number): boolean {
  const isOver = values?.validFrom != null && Date.parse(values.validFrom) < nowMs;
  return isOver && values.costPer1kPromptTokens != null && values.costPer1kCompletionTokens != null;
}
