import type { TFunction } from 'i18next';
import { formatDuration } from '@/format/duration';
import type { components } from './schema';

/** One field that the server refused, with its words. */
export type Detail = components['schemas']['Detail'];

/** What the server calls a kind of failure; `offline` is ours: no answer came at all. */
export type ErrorKind =
  | 'offline'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'validation_failed'
  | 'rate_limited'
  | 'storage_unavailable'
  | 'report_timeout'
  | (string & {});

/** A request that failed, in the server's words. */
export class ApiError extends Error {
  override readonly name = 'ApiError';

  constructor(
    readonly kind: ErrorKind,
    message: string,
    readonly status = 0,
    readonly requestId: string | null = null,
    readonly details: readonly Detail[] = [],
    /** How long to wait before the next try, where the server says so. */
    readonly retryAfterMs: number | null = null,
  ) {
    super(message);
  }
}

interface ErrorBody {
  message?: string;
  error?: { type?: string; requestId?: string; details?: Detail[] };
}

/** Reads a failure from an answer and its body, which may be none of ours (a proxy's page). */
export function errorOf(response: Response, body: unknown): ApiError {
  const told = (typeof body === 'object' && body !== null ? body : {}) as ErrorBody;
  const wait = Number(response.headers.get('retry-after'));
  return new ApiError(
    told.error?.type ?? 'unknown',
    told.message ?? `${response.status} ${response.statusText}`.trim(),
    response.status,
    told.error?.requestId ?? response.headers.get('x-request-id'),
    told.error?.details ?? [],
    wait > 0 ? wait * 1000 : null,
  );
}

/** Any thrown thing as an `ApiError`. */
export function asApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  return new ApiError('unknown', thrown instanceof Error ? thrown.message : String(thrown));
}

/** What the person can do about it. */
export function remedyOf(error: ApiError, t: TFunction<'components'>): string {
  switch (error.kind) {
    case 'offline':
      return t('offline.remedy');
    case 'storage_unavailable':
      return t('remedy.storage');
    case 'report_timeout':
      return t('remedy.slow');
    case 'rate_limited':
      return t('remedy.limited', { time: formatDuration(error.retryAfterMs ?? 1000) });
    case 'conflict':
      return t('remedy.conflict');
    case 'validation_failed':
      return t('remedy.invalid');
    case 'not_found':
      return t('remedy.gone');
    default:
      return t('remedy.retry');
  }
}
