import { describe, expect, it } from 'vitest';
import { bodyOf, changesOf, emptyToken, valuesOf } from './token-values';
import type { Token } from './token-state';

const token = {
  name: 'shop',
  scopes: ['chat'],
  allowedModels: ['gpt-4o'],
  allowedProviders: [],
  rateLimitRpm: 0,
  rateLimitTpm: 1000,
  budgetUsd: 12.5,
  budgetPeriod: 'month',
  isActive: true,
} as unknown as Token;

describe('the form of an app token', () => {
  it('shows a limit of 0 as none, and an untouched form changes nothing', () => {
    const values = valuesOf(token);

    expect([values.rateLimitRpm, values.rateLimitTpm, values.budgetUsd]).toEqual([null, 1000, '12.5']);
    expect(changesOf(values, { ...values })).toEqual({});
  });

  it('sends what was changed, cleared fields as null', () => {
    const values = valuesOf(token);

    expect(changesOf(values, { ...values, budgetUsd: null, rateLimitTpm: null, allowedModels: [] })).toEqual({
      budgetUsd: null,
      rateLimitTpm: null,
      allowedModels: [],
    });
    expect(changesOf(values, { ...values, budgetUsd: '0.000042' })).toEqual({ budgetUsd: 0.000042 });
  });

  it('makes a token that calls models, for a month’s budget, for ever', () => {
    expect(bodyOf({ ...emptyToken, name: 'bot', budgetUsd: '5' })).toMatchObject({
      name: 'bot',
      scopes: ['chat'],
      budgetUsd: 5,
      budgetPeriod: 'month',
      expiresAt: null,
    });
  });
});
