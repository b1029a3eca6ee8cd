import { oneOf, text, whole, type Raw } from '@/app/search';
import { filters, type Filter } from './health';

/** What the page keeps in its address. */
export interface Search {
  q?: string | undefined;
  state?: Filter | undefined;
  /** The drawer of the form: `new`, or the id of the provider to change. */
  edit?: string | undefined;
  /** The provider whose models are synced. */
  sync?: number | undefined;
}

export function validateSearch(raw: Raw): Search {
  return {
    q: text(raw.q),
    state: oneOf(raw.state, filters),
    edit: text(raw.edit) === 'new' ? 'new' : whole(raw.edit)?.toString(),
    sync: whole(raw.sync),
  };
}
