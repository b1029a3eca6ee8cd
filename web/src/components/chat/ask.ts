import { raw } from '@/api/client';
import { ApiError, errorOf } from '@/api/errors';
import { events } from '@/api/events';
import type { Usage } from './conversation';
import type { Ask, Head } from './pane';
import { inOurWords } from './request';
import type { StreamEvent, ToolCallPiece } from './stream-event';

const PATH = '/api/ai/chat/completions';

/** Asks the gateway as who is signed in, in its own format: that one tells what a stream cost, too. */
export const ask: Ask = async function* (body, signal, onHead) {
  const init = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(inOurWords(body)),
    signal,
  };
  if (body.stream) yield* streamed(init, onHead);
  else yield await whole(init, onHead);
};

async function* streamed(init: RequestInit, onHead: (head: Head) => void): AsyncGenerator<StreamEvent> {
  let response = new Response();
  const opened = (head: Response) => {
    response = head;
    onHead(headOf(head));
  };
  for await (const { event, data } of events(PATH, init, opened)) {
    if (data === '[DONE]') return;
    const read: unknown = JSON.parse(data);
    if (event === 'error') throw errorOf(response, read);
    yield read as StreamEvent;
  }
  throw new ApiError('provider_error', 'The answer broke off before its end', 0, response.headers.get('x-request-id'));
}

interface WholeAnswer {
  content?: string | null;
  reasoning?: string | null;
  refusal?: string | null;
  toolCalls?: ToolCallPiece[] | null;
  finishReason?: string | null;
  usage: Usage;
  cost: { amount: number | null };
}

async function whole(init: RequestInit, onHead: (head: Head) => void): Promise<StreamEvent> {
  const response = await raw(PATH, init);
  onHead(headOf(response));
  const { data } = (await response.json()) as { data: WholeAnswer };
  return {
    delta: {
      content: data.content ?? '',
      reasoning: data.reasoning ?? '',
      refusal: data.refusal ?? '',
      toolCalls: data.toolCalls ?? [],
    },
    finishReason: data.finishReason ?? 'stop',
    usage: data.usage,
    cost: data.cost,
  };
}

/** What the gateway tells of a call beside its answer. */
function headOf({ headers }: Response): Head {
  const head: Head = {};
  const [id, provider, attempts, key] = ['x-request-id', 'x-tollgate-provider', 'x-tollgate-attempts', 'x-tollgate-key-id'].map((name) => headers.get(name));
  if (id) head.requestId = id;
  if (provider) head.provider = provider;
  if (attempts) head.attempts = Number(attempts);
  if (key) head.keyId = Number(key);
  return head;
}

