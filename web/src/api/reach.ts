/* eslint-disable no-restricted-globals -- the one place that fetches */
import { connection } from './connection';
import { ApiError } from './errors';

/**
 * Fetches, and notes whether the server answers.
 * @throws ApiError `offline` where no answer came; an AbortError where the caller left.
 */
export async function reach(request: Request): Promise<Response> {
  try {
    const response = await fetch(request);
    connection.found();
    return response;
  } catch (thrown) {
    if (request.signal.aborted) throw thrown;
    connection.lost();
    throw new ApiError('offline', thrown instanceof Error ? thrown.message : String(thrown));
  }
}
