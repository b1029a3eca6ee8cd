import { text, type Raw } from '@/app/search';

/** What the page keeps in its address. */
export interface Search {
  /** The model or route of the first column. */
  model?: string | undefined;
  /** That of the second, where there is one. */
  with?: string | undefined;
}

export function validateSearch(raw: Raw): Search {
  return { model: text(raw.model), with: text(raw.with) };
}
