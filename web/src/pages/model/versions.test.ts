import { describe, expect, it } from 'vitest';
import { isFromTheBeginning, versionsOf, type Price } from './versions';

function price(validFrom: string, tierMinPromptTokens = 0): Price {
  return {
    id: 1,
    modelId: 1,
    validFrom,
    tierMinPromptTokens,
    costPer1kPromptTokens: 1,
    costPer1kCompletionTokens: 2,
    costPer1kCacheReadTokens: null,
    costPer1kCacheWriteTokens: null,
    costPer1kCacheWrite1hTokens: null,
    requestFee: 0,
    source: 'manual',
  };
}

describe('versions of prices', () => {
  const now = Date.parse('2026-11-21T00:00:00Z');

  it('tells which holds now, which held and which will, each until the next', () => {
    const rows = [price('2026-01-01T00:00:00Z'), price('2027-01-01T00:00:00Z'), price('2026-06-01T00:00:00Z')];
    const versions = versionsOf(rows, now);

    expect(versions.map((version) => [version.state, version.validFrom.slice(0, 7), version.until?.slice(0, 7)])).toEqual([
      ['coming', '2027-01', undefined],
      ['current', '2026-06', '2027-01'],
      ['former', '2026-01', '2026-06'],
    ]);
  });

  it('keeps the tiers of a version together, the shortest prompts first', () => {
    const [version] = versionsOf([price('2026-01-01T00:00:00Z', 200_000), price('2026-01-01T00:00:00Z')], now);

    expect(version?.tiers.map((tier) => tier.tierMinPromptTokens)).toEqual([0, 200_000]);
  });

  it('has none where there is no price, and knows the beginning of time', () => {
    expect(versionsOf([], now)).toEqual([]);
    expect(isFromTheBeginning('1970-01-01T00:00:00Z')).toBe(true);
    expect(isFromTheBeginning('2026-01-01T00:00:00Z')).toBe(false);
  });
});
