import type { components } from '@/api/schema';

/** A call, shown by its final attempt. */
export type Call = components['schemas']['LogView'];

export const callStatuses = ['success', 'error', 'cancelled'] as const;

/** What calls are narrowed by. The names are those of the API. */
export interface CallFilter {
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
}

/** Which calls, as the API takes it. */
export type Wanted = CallFilter & { startDate: string; endDate: string; tz: string };

/** Without what is empty, which the API would refuse. */
export function queryOf(wanted: Wanted): Wanted {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== undefined && value !== '')) as Wanted;
}

const id = /[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/i;

/** The first request id in a text, such as a pasted line of a log. */
export function requestIdIn(text: string): string | undefined {
  return id.exec(text)?.[0].toLowerCase();
}
