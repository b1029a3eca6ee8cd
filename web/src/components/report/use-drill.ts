import { useNavigate } from '@tanstack/react-router';
import { useCallback } from 'react';
import { useRange } from '@/app/use-range';
import type { Filter } from './filter';

/** What the list of calls is to show. */
export interface Drill extends Filter {
  status?: 'success' | 'error' | 'cancelled' | undefined;
  errorCode?: string | undefined;
  /** Calls of which any attempt failed with that key. */
  failedKeyId?: number | undefined;
  unpriced?: true | undefined;
  /** The time of a point; the page's range where absent. */
  from?: string | undefined;
  to?: string | undefined;
}

/** A moment as addresses have it, in UTC and with milliseconds. */
const moment = (at: string) => new Date(at).toISOString();

/** The search of the list of calls behind a figure. */
export function drillSearch(drill: Drill, page: { range: string; tz: string }) {
  const { from, to, ...filter } = drill;
  const range = from && to ? `${moment(from)}..${moment(to)}` : page.range;
  return { ...filter, range, tz: page.tz };
}

/** Opens the calls behind a figure of this page. */
export function useDrill(standard?: string): { open: (drill: Drill) => void; search: (drill: Drill) => never } {
  const navigate = useNavigate();
  const { range, tz } = useRange(standard);
  // What the list of calls reads is its own affair; what it does not know it leaves out.
  const search = useCallback((drill: Drill) => drillSearch(drill, { range, tz }) as never, [range, tz]);
  const open = useCallback((drill: Drill) => void navigate({ to: '/logs', search: search(drill) }), [navigate, search]);
  return { open, search };
}
