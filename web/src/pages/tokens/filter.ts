import { spentShare, stateOf, type Token } from './token-state';
import type { TokensSearch } from './search';

/** The tokens that an address shows, in its order. */
export function shownTokens(tokens: readonly Token[], search: TokensSearch, nowMs: number): Token[] {
  const text = (search.q ?? '').toLowerCase();
  const shown = tokens.filter(
    (token) =>
      `${token.name} ${token.tokenHint}`.toLowerCase().includes(text) &&
      (search.owner === undefined || token.ownerId === search.owner) &&
      isInState(token, search.state, nowMs),
  );
  return search.sort ? shown.sort(orderOf(search.sort, search.down ? -1 : 1)) : shown;
}

function isInState(token: Token, state: TokensSearch['state'], nowMs: number): boolean {
  if (state === undefined) return true;
  return state === 'unused' ? token.lastUsedAt == null : stateOf(token, nowMs) === state;
}

/** What has no value stands last, whichever way the order goes. */
function orderOf(sort: NonNullable<TokensSearch['sort']>, sign: 1 | -1) {
  const value = (token: Token): string | number | null => {
    switch (sort) {
      case 'name':
        return token.name;
      case 'budget':
        return spentShare(token);
      case 'used':
        return token.lastUsedAt ? Date.parse(token.lastUsedAt) : null;
      case 'created':
        return Date.parse(token.createdAt);
    }
  };
  return (one: Token, other: Token): number => {
    const [a, b] = [value(one), value(other)];
    if (a === null || b === null) return Number(a === null) - Number(b === null);
    return sign * (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b)));
  };
}
