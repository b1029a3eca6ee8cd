import { oneOf, type Raw } from '@/app/search';

/** What the address of one model says: which form is open. */
export interface ModelSearch {
  open?: 'edit' | 'price' | 'reprice' | undefined;
}

export function validateSearch(raw: Raw): ModelSearch {
  return { open: oneOf(raw.open, ['edit', 'price', 'reprice'] as const) };
}
