import { flag, oneOf, text, whole, type Raw } from '@/app/search';
import { callStatuses, requestIdIn, type CallFilter } from '@/components/calls/filter';

/** What the address of the list of calls says, beside range and zone. */
export interface LogsSearch extends CallFilter {
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

/** The filters alone, without how they are shown. */
export function filtersOf(search: LogsSearch): CallFilter {
  const filters = { ...search };
  delete filters.live;
  return filters;
}

/** How many filters are set. */
export function countFilters(search: LogsSearch): number {
  return Object.values(filtersOf(search)).filter((value) => value !== undefined).length;
}
