import { api, call } from '@/api/client';
import { useApiQuery } from '@/api/query';
import type { components } from '@/api/schema';

export type Status = components['schemas']['StatusView'];
export type KeyLoad = components['schemas']['KeyLoad'];
export type ProviderLoad = components['schemas']['ProviderLoad'];
export type Job = components['schemas']['JobView'];
export type Instance = components['schemas']['RunningInstance'];
export type Journal = components['schemas']['JournalView'];

/** How often it is read anew. */
const LOOK_MS = 5_000;

/** How Tollgate fares now. */
export function useStatus() {
  return useApiQuery(['status'], (signal) => call(api.GET('/api/status/status', { signal })), { refetchInterval: LOOK_MS });
}

/** The keys of a provider, those that are out first. */
export function keysOf(status: Status, providerId: number, isOnlyOut: boolean): KeyLoad[] {
  const keys = (status.keyDetails ?? []).filter((key) => key.providerId === providerId && !(isOnlyOut && key.status === 'normal'));
  return keys.sort((one, other) => Number(one.status === 'normal') - Number(other.status === 'normal') || one.keyName.localeCompare(other.keyName));
}

/** How full the journal is, from 0 to 1. */
export function fullness(journal: Journal): number {
  return journal.maxBytes > 0 ? Math.min(1, journal.usedBytes / journal.maxBytes) : 0;
}

/** How the journal fares, in a word. */
export function journalState(journal: Journal): 'healthy' | 'degraded' | 'down' {
  if (journal.isFull || !journal.isWritable) return 'down';
  return !journal.isShipping || journal.dropped > 0 || journal.rejected > 0 || fullness(journal) > 0.5 ? 'degraded' : 'healthy';
}

/** How a job fares, in a word. */
export function jobState(job: Job): 'running' | 'failed' | 'success' | 'waiting' {
  if (job.holder) return 'running';
  if (job.isOk == null) return 'waiting';
  return job.isOk ? 'success' : 'failed';
}
