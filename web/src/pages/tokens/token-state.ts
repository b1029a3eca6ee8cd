import type { components } from '@/api/schema';

export type Token = components['schemas']['AppTokenView'];
export type TokenUsage = components['schemas']['UsageRow'];

/** Whether a token lets anybody in at that moment, and why not. */
export function stateOf(token: Token, nowMs: number): 'on' | 'off' | 'expired' {
  if (!token.isActive) return 'off';
  return token.expiresAt != null && Date.parse(token.expiresAt) <= nowMs ? 'expired' : 'on';
}

/** The part of its budget that a token has spent, from 0 to 1; null without a budget. */
export function spentShare(token: Token): number | null {
  if (token.budgetUsd == null) return null;
  return token.budgetUsd === 0 ? 1 : Math.min(1, token.budgetUsedUsd / token.budgetUsd);
}

/** A limit of 0 is none. */
export function limitOf(limit: number | null | undefined): number | null {
  return limit != null && limit > 0 ? limit : null;
}

/** One figure for each calendar day, those without calls too. */
export function eachDay(rows: readonly TokenUsage[], days: readonly string[]) {
  const byDay = new Map(rows.map((row) => [row.date ?? '', row]));
  return days.map((day) => {
    const row = byDay.get(day);
    return { day, calls: row?.totalRequests ?? 0, errors: row?.errorCount ?? 0, cost: row?.totalCost ?? 0, tokens: row?.totalTokens ?? 0 };
  });
}

/** The last calendar days, the given one last. */
export function daysUpTo(today: string, count: number): string[] {
  const last = Date.parse(`${today}T00:00:00Z`);
  return Array.from({ length: count }, (_, back) => new Date(last - (count - 1 - back) * 86_400_000).toISOString().slice(0, 10));
}
