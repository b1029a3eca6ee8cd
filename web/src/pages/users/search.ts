import { flag, text, whole, type Raw } from '@/app/search';

/** What the page keeps in its address. */
export interface Search {
  /** Part of a name. */
  q?: string | undefined;
  /** The user whose drawer is open, or `new`. */
  user?: number | 'new' | undefined;
  /** Whether they are being edited. */
  edit?: true | undefined;
}

export function validateSearch(raw: Raw): Search {
  return {
    q: text(raw.q),
    user: text(raw.user) === 'new' ? 'new' : whole(raw.user),
    edit: flag(raw.edit),
  };
}
