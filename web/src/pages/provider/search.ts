import { flag, oneOf, text, whole, type Raw } from '@/app/search';
import { keyFilters, type KeyFilter } from './keys/state';

/** What the page keeps in its address. */
export interface Search {
  q?: string | undefined;
  state?: KeyFilter | undefined;
  /** The key whose drawer is open. */
  key?: number | undefined;
  /** The form of a key: `new`, or the id of the key to change. */
  edit?: string | undefined;
  /** The form begins with another credential. */
  replace?: true | undefined;
  import?: true | undefined;
  order?: true | undefined;
  sync?: true | undefined;
  /** The form of the provider itself. */
  form?: true | undefined;
}

export function validateSearch(raw: Raw): Search {
  return {
    q: text(raw.q),
    state: oneOf(raw.state, keyFilters),
    key: whole(raw.key),
    edit: text(raw.edit) === 'new' ? 'new' : whole(raw.edit)?.toString(),
    replace: flag(raw.replace),
    import: flag(raw.import),
    order: flag(raw.order),
    sync: flag(raw.sync),
    form: flag(raw.form),
  };
}
