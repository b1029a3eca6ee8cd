import type { ToolCall } from '../snippets/chat-body';
import type { Answer, Usage } from './conversation';

/** What an event of `POST /api/ai/chat/completions` holds; a whole answer is read as one event. */
export interface StreamEvent {
  delta: {
    content?: string;
    reasoning?: string;
    refusal?: string;
    toolCalls?: ToolCallPiece[];
  };
  finishReason?: string;
  usage?: Usage;
  cost?: { amount: number | null };
}

export interface ToolCallPiece {
  index?: number;
  id?: string;
  function?: { name?: string | null; arguments?: string };
}

/** `answer` with what the event adds, `now` being the page's clock. */
export function withEvent(answer: Answer, event: StreamEvent, now: number): Answer {
  const { content = '', reasoning = '', refusal = '', toolCalls = [] } = event.delta;
  const hasContent = content !== '' || reasoning !== '' || refusal !== '' || toolCalls.length > 0;
  const next: Answer = { ...answer, totalMs: now - answer.startedAt };
  if (hasContent) {
    next.state = 'streaming';
    next.firstTokenMs ??= now - answer.startedAt;
    next.text += content;
    next.reasoning += reasoning;
    next.refusal += refusal;
    if (toolCalls.length > 0) next.calls = withPieces(answer.calls, toolCalls);
  }
  if (event.finishReason !== undefined) next.finishReason = event.finishReason;
  if (event.usage !== undefined) next.usage = event.usage;
  if (event.cost !== undefined) next.costUsd = event.cost.amount;
  return next;
}

/** Puts the pieces of calls where they belong: by their index, else to the last call. */
function withPieces(calls: readonly ToolCall[], pieces: readonly ToolCallPiece[]): ToolCall[] {
  const next = calls.map((call) => ({ ...call, function: { ...call.function } }));
  for (const [position, piece] of pieces.entries()) {
    const isOpening = Boolean(piece.id) && next.every((call) => call.id !== piece.id);
    const fallback = isOpening ? next.length : Math.max(next.length - 1, position);
    const index = piece.index ?? fallback;
    const call = (next[index] ??= {
      id: piece.id || `call_${index}`,
      type: 'function',
      function: { name: '', arguments: '' },
    });
    call.function.name += piece.function?.name ?? '';
    call.function.arguments += piece.function?.arguments ?? '';
  }
  return next;
}
