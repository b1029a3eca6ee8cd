import { api, call } from '@/api/client';
import { useApiQuery } from '@/api/query';
import type { components } from '@/api/schema';
import { useRange } from '@/app/use-range';
import { usePageSearch } from '@/app/use-page-search';
import { filterOf, intervalOf, type Dimension } from '@/components/report';
import { validateSearch, type Measure } from './search';

export type Board = components['schemas']['DashboardView'];
export type Point = components['schemas']['TrendView'];
export type BreakdownRow = components['schemas']['BreakdownRow'];
export type Status = components['schemas']['StatusView'];
export type Alert = components['schemas']['AlertView'];

/** How often what is shown is read anew. */
const EVERY_MS = 30_000;
const ATTENTION_EVERY_MS = 10_000;

/** What the page's reports are asked: range, zone, filter. */
export function useAsked() {
  const [search] = usePageSearch(validateSearch);
  const { startDate, endDate, tz, before } = useRange();
  const interval = intervalOf({ startDate, endDate }, search.interval);
  return {
    span: { startDate, endDate, tz },
    tz,
    interval,
    compare: before !== null,
    filter: filterOf(search),
    refetchInterval: search.still ? (false as const) : EVERY_MS,
  };
}

/** Sums, trend and errors of the page's range. */
export function useBoard() {
  const { span, interval, compare, filter, refetchInterval } = useAsked();
  const query = { ...span, interval, compare, ...filter };
  return useApiQuery(['stats', 'dashboard', query], (signal) => call(api.GET('/api/admin/ai-stats/dashboard', { params: { query }, signal })), {
    keep: true,
    refetchInterval,
  });
}

/** How the members that matter most develop beside each other. */
export function useSeries(by: Dimension, rankBy: Measure) {
  const { span, interval, filter, refetchInterval } = useAsked();
  const query = { ...span, interval, ...filter, by, rankBy, top: 6 };
  return useApiQuery(['stats', 'series', query], (signal) => call(api.GET('/api/admin/ai-stats/usage/series', { params: { query }, signal })), {
    keep: true,
    refetchInterval,
  });
}

/** Usage by one dimension, against the time before where that is asked for. */
export function useBreakdown(by: Dimension) {
  const { span, compare, filter, refetchInterval } = useAsked();
  const query = { ...span, compare, ...filter, by };
  return useApiQuery(['stats', 'breakdown', query], (signal) => call(api.GET('/api/admin/ai-stats/usage/breakdown', { params: { query }, signal })), {
    keep: true,
    refetchInterval,
  });
}

/** How keys and the instance fare now. */
export function useStatus() {
  return useApiQuery(['status'], (signal) => call(api.GET('/api/status/status', { signal })), { refetchInterval: ATTENTION_EVERY_MS });
}

/** The alerts that last. */
export function useOpenAlerts() {
  const query = { open: true, pageSize: 50 };
  return useApiQuery(['alerts', 'open', query], (signal) => call(api.GET('/api/admin/alerts', { params: { query }, signal })), {
    refetchInterval: ATTENTION_EVERY_MS,
  });
}
