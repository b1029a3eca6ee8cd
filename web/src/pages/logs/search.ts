import { flag, oneOf, text, whole, type Raw } from '@/app/search';

export const callStatuses = ['success', 'error', 'cancelled'] as const;

/** What the address of the list of calls says, beside range and zone. The names are those of the API. */
export interface LogsSearch {
  status?: (typeof callStatuses)[number] | undefined;
  providerId?: number | undefined;
  keyId?: number | undefined;
  /** Calls of which some attempt failed with this key. */
  failedKeyId?: number | undefined;
  model?: string | undefined;
  requestedModel?: string | undefined;
  appId?: number | undefined;
  userId?: number | undefined;
  endUser?: string | undefined;
  errorCode?: string | undefined;
  requestId?: string | undefined;
  unpriced?: true | undefined;
  /** Shows calls as they end. */
  live?: true | undefined;
}

export function validateSearch(raw: Raw): LogsSearch {
  return {
    status: oneOf(raw.status, callStatuses),
    providerId: whole(raw.providerId),
    keyId: whole(raw.keyId),
    failedKeyId: whole(raw.failedKeyId),
    model: text(raw.model),
    requestedModel: text(raw.requestedModel),
    appId: whole(raw.appId),
    userId: whole(raw.userId),
    endUser: text(raw.endUser),
    errorCode: text(raw.errorCode),
    requestId: requestIdIn(text(raw.requestId) ?? ''),
    unpriced: flag(raw.unpriced),
    live: flag(raw.live),
  };
}

const id = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;

/** The first request id in a text, such as a pasted line of a log. */
export function requestIdIn(text: string): string | undefined {
  return id.exec(text)?.[0].toLowerCase();
}

/** The filters alone, without how they are shown. */
export function filtersOf(search: LogsSearch): Omit<LogsSearch, 'live'> {
  const filters = { ...search };
  delete filters.live;
  return filters;
}

/** How many filters are set. */
export function countFilters(search: LogsSearch): number {
  return Object.values(filtersOf(search)).filter((value) => value !== undefined).length;
}
