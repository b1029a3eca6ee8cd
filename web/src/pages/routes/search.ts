import { oneOf, text, whole, type Raw } from '@/app/search';

/** What the address of the list of routes says. */
export interface RoutesSearch {
  q?: string | undefined;
  state?: 'on' | 'off' | undefined;
  /** The route that is open: `new`, or its id. */
  route?: 'new' | number | undefined;
  /** Leads the list: only routes that lead to this model, as `provider/model`. */
  to?: string | undefined;
}

export function validateSearch(raw: Raw): RoutesSearch {
  return {
    q: text(raw.q),
    state: oneOf(raw.state, ['on', 'off'] as const),
    route: oneOf(raw.route, ['new'] as const) ?? whole(raw.route),
    to: text(raw.to),
  };
}
