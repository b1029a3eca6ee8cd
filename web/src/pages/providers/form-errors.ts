import { ApiError } from '@/api/errors';

/**
 * Puts what the server says of a part of an object beside the field that holds the whole of it: `quirks.strip` is told
 * at `quirks`, with the part's name before the words. Anything else is thrown on as it was.
 */
export function atWholeFields(thrown: unknown, fields: readonly string[]): unknown {
  if (!(thrown instanceof ApiError)) return thrown;
  const details = thrown.details.map((detail) => {
    const whole = fields.find((field) => detail.field?.startsWith(`${field}.`));
    if (!whole || !detail.field) return detail;
    return { field: whole, message: `${detail.field.slice(whole.length + 1)}: ${detail.message}` };
  });
  return new ApiError(thrown.kind, thrown.message, thrown.status, thrown.requestId, details, thrown.retryAfterMs);
}
