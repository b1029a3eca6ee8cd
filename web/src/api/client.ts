import createClient from 'openapi-fetch';
import { session } from '@/app/session';
import { asApiError, errorOf } from './errors';
import { reach } from './reach';
import type { paths } from './schema';

/** Sends a request in the name of who is signed in; once more with a new token where the first had ended. */
export async function authorized(request: Request): Promise<Response> {
  const again = request.clone();
  const token = await session.token(request.signal);
  request.headers.set('Authorization', `Bearer ${token}`);
  const response = await reach(request);
  if (response.status !== 401) return response;
  again.headers.set('Authorization', `Bearer ${await session.token(request.signal, token)}`);
  return reach(again);
}

/** Every operation of the API, typed: `call(api.GET('/api/admin/ai-providers', { signal }))`. */
export const api = createClient<paths>({ baseUrl: window.location.origin, fetch: authorized });

interface Answered {
  data?: unknown;
  error?: unknown;
  response: Response;
}

/** What is in the envelope of an answer. */
type Held<Answer extends Answered> = NonNullable<Answer['data']> extends { data: infer Data } ? Data : unknown;

/**
 * What a request is answered, out of its envelope.
 * @throws ApiError
 */
export async function call<Answer extends Answered>(sent: Promise<Answer>): Promise<Held<Answer>> {
  const { data, error, response } = await sent;
  if (!response.ok) throw errorOf(response, error);
  return (data as { data: Held<Answer> }).data;
}

/** One page of a list that was asked for by pages. */
export interface Listed<Row> {
  rows: Row[];
  total: number;
}

type Row<Answer extends Answered> = Held<Answer> extends (infer R)[] ? R : never;

/** Like `call`, for lists that tell their total beside the rows. */
export async function callPage<Answer extends Answered>(sent: Promise<Answer>): Promise<Listed<Row<Answer>>> {
  const { data, error, response } = await sent;
  if (!response.ok) throw errorOf(response, error);
  const body = data as { data: Row<Answer>[]; total?: number | null };
  return { rows: body.data, total: body.total ?? body.data.length };
}

/** Fetches something that is no JSON (a stream, a CSV file) as who is signed in. */
export async function raw(path: string, init: RequestInit = {}): Promise<Response> {
  const response = await authorized(new Request(new URL(path, window.location.origin), init));
  if (response.ok) return response;
  throw errorOf(response, await response.json().catch(asApiError));
}
