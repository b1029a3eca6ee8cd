import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { api, call } from '@/api/client';
import type { ApiError } from '@/api/errors';
import type { components } from '@/api/schema';
import type { Range } from '@/app/use-range';
import { queryOf, type Call, type Wanted } from '@/components/calls';
import { filtersOf, type LogsSearch } from './search';

export type Attempt = components['schemas']['AttemptView'];
export type CallDetail = components['schemas']['CallView'];

/** Calls read at a time. */
export const PAGE = 100;
/** The most rows that the list scrolls over: browsers draw no box higher than some ten million pixels. */
export const MOST_ROWS = 250_000;

export function wantedOf(search: LogsSearch, range: Pick<Range, 'startDate' | 'endDate' | 'tz'>): Wanted {
  const { startDate, endDate, tz } = range;
  // One call is found by its id whenever it was.
  const time = search.requestId ? { startDate: '', endDate: '', tz } : { startDate, endDate, tz };
  return { ...filtersOf(search), ...time };
}

interface PageOfCalls {
  logs: Call[];
  total: number;
  totalIsCapped?: boolean;
}

function readPage(wanted: Wanted, page: number, signal: AbortSignal): Promise<PageOfCalls> {
  const query = { ...queryOf(wanted), page, pageSize: PAGE };
  return call(api.GET('/api/admin/ai-stats/logs', { params: { query }, signal }));
}

/** The moment right behind the newest call, so that later pages do not shift while new calls come. */
export function behind(newest: Call | undefined): string | undefined {
  return newest && new Date(Date.parse(newest.createdAt) + 1).toISOString();
}

export interface Calls {
  /** The call in that row, once it was read. */
  rowAt: (index: number) => Call | undefined;
  /** How many rows there are to scroll over. */
  count: number;
  total: number;
  isCapped: boolean;
  isPending: boolean;
  isFetching: boolean;
  error: ApiError | null;
  refetch: () => void;
}

/** The calls, page by page as they come into sight: `first` and `last` are the rows that do. */
export function useCalls(wanted: Wanted, epoch: number, first: number, last: number): Calls {
  const head = useQuery<PageOfCalls, ApiError>({
    queryKey: ['stats', 'logs', wanted, epoch, 0],
    queryFn: ({ signal }) => readPage(wanted, 1, signal),
    staleTime: Infinity,
    placeholderData: (before) => before,
  });
  const until = head.isPlaceholderData ? undefined : behind(head.data?.logs[0]);
  const pages = useMemo(() => pagesIn(first, last), [first, last]);
  const rest = useQueries({
    queries: pages.map((page) => ({
      queryKey: ['stats', 'logs', wanted, epoch, page, until],
      queryFn: ({ signal }: { signal: AbortSignal }) => readPage({ ...wanted, endDate: until ?? wanted.endDate }, page + 1, signal),
      staleTime: Infinity,
      enabled: until !== undefined,
    })),
  });
  const loaded = new Map(pages.map((page, place) => [page, rest[place]?.data?.logs]));
  const total = head.data?.total ?? 0;
  const failed = rest.find((page) => page.error);
  return {
    rowAt: (index) => {
      const page = Math.floor(index / PAGE);
      return (page === 0 ? head.data?.logs : loaded.get(page))?.[index % PAGE];
    },
    count: Math.min(total, MOST_ROWS),
    total,
    isCapped: head.data?.totalIsCapped ?? false,
    isPending: head.isPending,
    isFetching: head.isFetching,
    error: head.error ?? (failed?.error as ApiError | null | undefined) ?? null,
    refetch: () => void (head.error ? head.refetch() : failed?.refetch()),
  };
}

/** The pages that rows are on, without the first one. */
export function pagesIn(first: number, last: number): number[] {
  const from = Math.max(1, Math.floor(first / PAGE));
  const to = Math.floor(last / PAGE);
  return Array.from({ length: Math.max(0, to - from + 1) }, (_, place) => from + place);
}

/** One call with all its attempts. */
export function useCall(requestId: string) {
  return useQuery<CallDetail, ApiError>({
    queryKey: ['stats', 'logs', 'call', requestId],
    queryFn: ({ signal }) => call(api.GET('/api/admin/ai-stats/logs/{requestId}', { params: { path: { requestId } }, signal })),
    staleTime: 60_000,
  });
}
