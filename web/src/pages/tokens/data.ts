import { useMemo } from 'react';
import { api, call } from '@/api/client';
import { useApiMutation, useApiQuery } from '@/api/query';
import type { components } from '@/api/schema';
import { shiftDay } from '@/app/range';
import type { Token, TokenUsage } from './token-state';

export type NewToken = components['schemas']['NewAppToken'];
export type TokenPatch = components['schemas']['AppTokenPatch'];

/** How often what tokens use of their limits and budgets is read again. */
const LIVE_MS = 10_000;

/** Every app token with what it uses now. */
export function useLiveTokens() {
  return useApiQuery(['tokens'], (signal) => call(api.GET('/api/admin/app-tokens', { signal })), { refetchInterval: LIVE_MS });
}

/** What owners are called; those who are gone are not there. */
export function useOwners() {
  const query = useApiQuery(['users'], (signal) => call(api.GET('/api/admin/users', { signal })), { staleTime: 60_000 });
  return useMemo(() => query.data && new Map(query.data.map((user) => [user.id, user.username])), [query.data]);
}

const refreshed = [['tokens']];

export function useCreateToken() {
  return useApiMutation((body: NewToken) => call(api.POST('/api/admin/app-tokens', { body })), refreshed);
}

export function useChangeToken() {
  return useApiMutation(
    ({ id, body }: { id: number; body: TokenPatch }) => call(api.PUT('/api/admin/app-tokens/{id}', { params: { path: { id } }, body })),
    refreshed,
  );
}

export function useDeleteToken() {
  return useApiMutation((id: number) => call(api.DELETE('/api/admin/app-tokens/{id}', { params: { path: { id } } })), refreshed);
}

type Query = NonNullable<NonNullable<Parameters<typeof readUsage>[0]>>;

function readUsage(query: { groupBy: 'day' | 'model'; appId: number; startDate: string; endDate?: string; tz?: string }, signal?: AbortSignal): Promise<TokenUsage[]> {
  return call(api.GET('/api/admin/ai-stats/usage', { params: { query }, ...(signal ? { signal } : {}) }));
}

/** What a token used in the last days, by day or by model. */
export function useTokenUsage(token: Token, by: 'day' | 'model', today: string, days: number, tz: string) {
  const query: Query = { groupBy: by, appId: token.id, startDate: shiftDay(today, 1 - days), endDate: today, tz };
  return useApiQuery(['stats', 'usage', query], (signal) => readUsage(query, signal), { keep: true, staleTime: 30_000 });
}

/** Since when a token is in use, and how much in the last 30 days. */
export interface Use {
  first: string | null;
  recentCalls: number;
}

/** Reads how a token is used, for the question before it goes. */
export async function readUse(token: Token): Promise<Use> {
  const rows = await readUsage({ groupBy: 'day', appId: token.id, startDate: token.createdAt, tz: 'UTC' });
  const days = rows.filter((row) => row.totalRequests > 0);
  const from = new Date(Date.now() - 30 * 86_400_000).toISOString().slice(0, 10);
  const recentCalls = days.reduce((sum, row) => sum + ((row.date ?? '') >= from ? row.totalRequests : 0), 0);
  const first = days.reduce<string | null>((least, { date = null }) => (least === null || (date ?? '') < least ? date : least), null);
  return { first, recentCalls };
}

export function useUse(token: Token) {
  return useApiQuery(['stats', 'use', token.id], () => readUse(token), { staleTime: 60_000 });
}
