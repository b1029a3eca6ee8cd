import { raw } from './client';

/** One event of a stream. */
export interface StreamEvent {
  /** Its name; `message` where it has none. */
  event: string;
  data: string;
  id: string | null;
}

/** Cuts server-sent events out of pieces of text, however these are cut. */
export class EventReader {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private id: string | null = null;

  /** The events that are whole now. */
  push(text: string): StreamEvent[] {
    const lines = (this.rest + text).split(/\r\n|\n|\r(?!$)/);
    this.rest = lines.pop() ?? '';
    const events: StreamEvent[] = [];
    for (const line of lines) {
      if (line === '') this.finish(events);
      else this.take(line);
    }
    return events;
  }

  private take(line: string) {
    const colon = line.indexOf(':');
    if (colon === 0) return;
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'data') this.data.push(value);
    else if (field === 'event') this.event = value;
    else if (field === 'id') this.id = value;
  }

  private finish(events: StreamEvent[]) {
    if (this.data.length > 0) {
      events.push({ event: this.event || 'message', data: this.data.join('\n'), id: this.id });
    }
    this.event = '';
    this.data = [];
  }
}

/**
 * Follows a stream of server-sent events to its end. EventSource cannot send our header, so it is fetched.
 * @throws ApiError where it does not begin; an AbortError when `init.signal` says so.
 */
export async function* events(
  path: string,
  init: RequestInit = {},
  /** Told of the answer's head, before its first event. */
  onOpen?: (response: Response) => void,
): AsyncGenerator<StreamEvent> {
  const headers = new Headers(init.headers);
  headers.set('Accept', 'text/event-stream');
  const response = await raw(path, { ...init, headers });
  onOpen?.(response);
  if (!response.body) return;
  const reader = new EventReader();
  const pieces = response.body.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await pieces.read();
      if (done) return;
      yield* reader.push(value);
    }
  } finally {
    await pieces.cancel().catch(() => undefined);
  }
}
