import { plainDecimal } from '../models/rates';
import type { NewToken, TokenPatch } from './data';
import { limitOf, type Token } from './token-state';

/** What the form holds: named as the API names it; the budget is a decimal. */
export interface TokenValues {
  name: string;
  scopes: Token['scopes'];
  allowedModels: string[];
  allowedProviders: string[];
  rateLimitRpm: number | null;
  rateLimitTpm: number | null;
  rateLimitRpd: number | null;
  maxConcurrent: number | null;
  budgetUsd: string | null;
  budgetPeriod: Token['budgetPeriod'];
  expiresAt: string | null;
  isActive: boolean;
}

export const emptyToken: TokenValues = {
  name: '',
  scopes: ['chat'],
  allowedModels: [],
  allowedProviders: [],
  rateLimitRpm: null,
  rateLimitTpm: null,
  rateLimitRpd: null,
  maxConcurrent: null,
  budgetUsd: null,
  budgetPeriod: 'month',
  expiresAt: null,
  isActive: true,
};

/** A token as the form holds it. */
export function valuesOf(token: Token): TokenValues {
  return {
    name: token.name,
    scopes: token.scopes,
    allowedModels: token.allowedModels,
    allowedProviders: token.allowedProviders,
    rateLimitRpm: limitOf(token.rateLimitRpm),
    rateLimitTpm: limitOf(token.rateLimitTpm),
    rateLimitRpd: limitOf(token.rateLimitRpd),
    maxConcurrent: limitOf(token.maxConcurrent),
    budgetUsd: token.budgetUsd == null ? null : plainDecimal(token.budgetUsd),
    budgetPeriod: token.budgetPeriod,
    expiresAt: token.expiresAt ?? null,
    isActive: token.isActive,
  };
}

function sent(values: TokenValues, name: keyof TokenValues): unknown {
  if (name !== 'budgetUsd') return values[name];
  return values.budgetUsd === null || values.budgetUsd === '' ? null : Number(values.budgetUsd);
}

/** A new token as the API takes it. */
export function bodyOf(values: TokenValues): NewToken {
  const names = Object.keys(emptyToken) as (keyof TokenValues)[];
  return Object.fromEntries(names.map((name) => [name, sent(values, name)])) as unknown as NewToken;
}

/** What was changed, and nothing else. */
export function changesOf(before: TokenValues, values: TokenValues): TokenPatch {
  const names = Object.keys(emptyToken) as (keyof TokenValues)[];
  const changed = names.filter((name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(values[name] ?? null));
  return Object.fromEntries(changed.map((name) => [name, sent(values, name) ?? null])) as TokenPatch;
}
