import { api, call } from '@/api/client';
import { useApiQuery } from '@/api/query';
import type { components } from '@/api/schema';
import type { Range } from '@/app/use-range';
import type { AlertsSearch } from './search';

export type Alert = components['schemas']['AlertView'];
export type Delivery = components['schemas']['DeliveryView'];

/** Rows of the history at a time. */
export const PAGE = 20;
/** How often it is looked for news. */
const LOOK_MS = 15_000;

/** What lasts now, the gravest first, then the newest. */
export function useOpenAlerts({ kind, level }: AlertsSearch) {
  const read = (signal: AbortSignal) =>
    call(api.GET('/api/admin/alerts', { params: { query: { open: true, kind, level, pageSize: 200 } }, signal }));
  return useApiQuery(['alerts', 'open', { kind, level }], async (signal) => gravest((await read(signal)).alerts), { refetchInterval: LOOK_MS, keep: true });
}

const weights = { critical: 0, warning: 1, info: 2 } as const;

/** By how much they matter, then newest first. */
export function gravest(alerts: readonly Alert[]): Alert[] {
  return [...alerts].sort((one, other) => weights[one.level] - weights[other.level] || other.firedAt.localeCompare(one.firedAt));
}

/** What is over, newest first. */
export function usePastAlerts({ kind, level, page = 1 }: AlertsSearch, { startDate, endDate, tz }: Range) {
  const query = { open: false, kind, level, startDate, endDate, tz, page, pageSize: PAGE };
  const read = (signal: AbortSignal) => call(api.GET('/api/admin/alerts', { params: { query }, signal }));
  return useApiQuery(['alerts', 'past', query], read, { keep: true, refetchInterval: LOOK_MS * 4 });
}
