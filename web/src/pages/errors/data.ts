import { api, call } from '@/api/client';
import { useApiQuery } from '@/api/query';
import type { components } from '@/api/schema';
import { usePageSearch } from '@/app/use-page-search';
import { useRange } from '@/app/use-range';
import { filterOf, intervalOf } from '@/components/report';
import { validateSearch } from './search';

export type ErrorsReport = components['schemas']['ErrorsReportView'];
export type CodeRow = ErrorsReport['errorsByCode'][number];
export type KeyRow = ErrorsReport['errorsByKey'][number];

/** What failed in the page's range, how that developed, and what failed before. */
export function useErrors() {
  const [search] = usePageSearch(validateSearch);
  const { startDate, endDate, tz, before } = useRange();
  const interval = intervalOf({ startDate, endDate }, search.interval);
  const query = { startDate, endDate, tz, interval, compare: before !== null, ...filterOf(search) };
  const report = useApiQuery(['stats', 'errors', query], (signal) => call(api.GET('/api/admin/ai-stats/logs/errors', { params: { query }, signal })), {
    keep: true,
    refetchInterval: 30_000,
  });
  return { report, interval, tz, isCompared: before !== null };
}

/** How each active key fares now. */
export function useKeyStates() {
  return useApiQuery(['status'], (signal) => call(api.GET('/api/status/status', { signal })), { refetchInterval: 10_000 });
}
