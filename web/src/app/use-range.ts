import { useNavigate, useRouterState } from '@tanstack/react-router';
import { useMemo } from 'react';
import { useNow } from './now';
import { preferences } from './preferences';
import { spanBefore, spanOf, validateRange, zoneOf, type RangeSearch, type Span } from './range';

/** The range of this page, in its address. */
export interface Range extends Span {
  /** As the address has it: `7d`, or `from..to`. */
  range: string;
  tz: string;
  /** The span before, where a comparison is asked for. */
  before: Span | null;
  set: (change: RangeSearch) => void;
}

function useRangeSearch(): RangeSearch {
  const search = useRouterState({ select: (state) => state.location.search as Record<string, unknown> });
  return useMemo(() => validateRange(search), [search]);
}

/** The zone that times are shown in. */
export function useZone(): string {
  return zoneOf(useRangeSearch());
}

/** Range, zone and comparison of this page; they live in the address, so that a link shows the same. */
export function useRange(standard = '7d'): Range {
  const search = useRangeSearch();
  const navigate = useNavigate();
  const range = search.range ?? standard;
  const tz = zoneOf(search);
  const now = useNow(60_000);
  return useMemo(() => {
    const span = spanOf(range, tz, now);
    return {
      ...span,
      range,
      tz,
      before: search.compare ? spanBefore(span) : null,
      set: (change: RangeSearch) => {
        if (change.tz) preferences.write('timeZone', change.tz);
        void navigate({ to: '.', search: (old: Record<string, unknown>) => ({ ...old, page: undefined, ...change }) });
      },
    };
  }, [range, tz, now, search.compare, navigate]);
}
