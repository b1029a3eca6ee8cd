import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useMemo } from 'react';
import type { Raw } from './search';

/** What the address of this page says, and how to change a part of it. */
export type PageSearch<Search> = [
  search: Search,
  /** `replace`: the step is none that "back" returns to; for what is typed. */
  set: (change: Partial<Search>, how?: { replace?: boolean }) => void,
];

/** Filters, sort, page and open drawer of a page; they live in its address, so that a link shows the same. */
export function usePageSearch<Search extends object>(validate: (raw: Raw) => Search): PageSearch<Search> {
  // That of the page's own match: while the next page is on its way, the router's location is already the next one's.
  const raw = useSearch({ strict: false }) as Raw;
  const navigate = useNavigate();
  const search = useMemo(() => validate(raw), [raw, validate]);
  const set = useCallback(
    (change: Partial<Search>, { replace = false }: { replace?: boolean } = {}) => {
      void navigate({ to: '.', search: (old: Raw) => ({ ...old, ...change }), replace, resetScroll: false });
    },
    [navigate],
  );
  return [search, set];
}
