import { describe, expect, it } from 'vitest';
import { emptyPrice, priceOf, pricesThePast } from './price-values';

describe('the form of a price', () => {
  const typed = { ...emptyPrice, costPer1kPromptTokens: '2.5', costPer1kCompletionTokens: '10' };

  it('is sent for a thousand tokens, from now on where no date is given', () => {
    expect(priceOf(typed)).toEqual({
      costPer1kPromptTokens: 0.0025,
      costPer1kCompletionTokens: 0.01,
      costPer1kCacheReadTokens: null,
      costPer1kCacheWriteTokens: null,
      costPer1kCacheWrite1hTokens: null,
      requestFee: null,
    });
  });

  it('has a tier without prices where its price is not known', () => {
    const price = priceOf({ ...typed, requestFee: '0.01', tiers: [{ tierMinPromptTokens: 200_001 }] });

    expect(price.requestFee).toBe(0.01);
    expect(price.tiers?.[0]).toMatchObject({ tierMinPromptTokens: 200_001, costPer1kPromptTokens: null });
  });

  it('leaves out what is required and empty, so that the server names it', () => {
    expect(priceOf(emptyPrice)).not.toHaveProperty('costPer1kPromptTokens');
  });

  it('concerns past calls from a date that is over on, once both rates are there', () => {
    const now = Date.parse('2026-11-21T00:00:00Z');
    expect(pricesThePast(typed, now)).toBe(false);
    expect(pricesThePast({ ...typed, validFrom: '2026-11-01T00:00:00Z' }, now)).toBe(true);
    expect(pricesThePast({ ...typed, validFrom: '2027-11-01T00:00:00Z' }, now)).toBe(false);
    expect(pricesThePast({ ...typed, validFrom: '2026-11-01T00:00:00Z', costPer1kCompletionTokens: null }, now)).toBe(false);
  });
});
