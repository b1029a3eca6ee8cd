import { flag, oneOf, text, whole, type Raw } from '@/app/search';

export const tokenStates = ['on', 'off', 'expired', 'unused'] as const;
export const tokenSorts = ['name', 'budget', 'used', 'created'] as const;

/** What the address of the list of app tokens says. */
export interface TokensSearch {
  q?: string | undefined;
  state?: (typeof tokenStates)[number] | undefined;
  owner?: number | undefined;
  sort?: (typeof tokenSorts)[number] | undefined;
  down?: true | undefined;
  page?: number | undefined;
  /** The token whose drawer is open. */
  token?: number | undefined;
  /** The form that is open: `new`, or a token's id. */
  edit?: 'new' | number | undefined;
}

export function validateSearch(raw: Raw): TokensSearch {
  return {
    q: text(raw.q),
    state: oneOf(raw.state, tokenStates),
    owner: whole(raw.owner),
    sort: oneOf(raw.sort, tokenSorts),
    down: flag(raw.down),
    page: whole(raw.page),
    token: whole(raw.token),
    edit: oneOf(raw.edit, ['new'] as const) ?? whole(raw.edit),
  };
}
