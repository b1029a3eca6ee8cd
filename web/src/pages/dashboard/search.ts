import type { Raw } from '@/app/search';

/** What the page keeps in its address. */
export type Search = Record<string, never>;

export function validateSearch(_raw: Raw): Search {
  return {};
}
