import { text, whole, type Raw } from '@/app/search';

/** What usage is told apart by. */
export const dimensions = ['provider', 'model', 'key', 'app', 'user'] as const;
export type Dimension = (typeof dimensions)[number];

/** Which calls a report is about; as the address and the API name it. */
export interface Filter {
  providerId?: number | undefined;
  model?: string | undefined;
  keyId?: number | undefined;
  appId?: number | undefined;
  userId?: number | undefined;
}

/** Where the member of a dimension stands in a filter. */
export const fieldOf = {
  provider: 'providerId',
  model: 'model',
  key: 'keyId',
  app: 'appId',
  user: 'userId',
} as const satisfies Record<Dimension, keyof Filter>;

/** Reads the filter of an address. */
export function validateFilter(raw: Raw): Filter {
  return {
    providerId: whole(raw.providerId),
    model: text(raw.model),
    keyId: whole(raw.keyId),
    appId: whole(raw.appId),
    userId: whole(raw.userId),
  };
}

/** The part of a page's search that is its filter, without what is not set. */
export function filterOf(search: Filter): Filter {
  const { providerId, model, keyId, appId, userId } = search;
  const filter: Filter = { providerId, model, keyId, appId, userId };
  return Object.fromEntries(Object.entries(filter).filter(([, value]) => value !== undefined));
}

/** A filter that leaves the calls of one member; nothing for calls that have none. */
export function filterBy(dimension: Dimension, key: string | null | undefined): Filter {
  if (key == null) return {};
  return dimension === 'model' ? { model: key } : { [fieldOf[dimension]]: Number(key) };
}
