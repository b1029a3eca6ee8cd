import type { ApiError } from '@/api/errors';
import type { ChatMessage, ContentPart, ToolCall } from '../snippets/chat-body';

/** A picture of a message, as a data URL. */
export interface Picture {
  id: string;
  name: string;
  url: string;
}

/** What somebody asks. */
export interface Question {
  kind: 'question';
  id: string;
  text: string;
  pictures: Picture[];
}

/** What the tools that a model called came to, by the id of the call. */
export interface Results {
  kind: 'results';
  id: string;
  results: Record<string, string>;
}

export type AnswerState = 'waiting' | 'streaming' | 'done' | 'stopped' | 'failed';

/** What a model answers, as far as it has come. Times are milliseconds. */
export interface Answer {
  kind: 'answer';
  id: string;
  model: string;
  state: AnswerState;
  text: string;
  reasoning: string;
  refusal: string;
  calls: ToolCall[];
  /** Of the page's own clock. */
  startedAt: number;
  firstTokenMs?: number;
  /** Until the last event so far, or the end. */
  totalMs?: number;
  usage?: Usage;
  /** Null where the model has no known price, absent until the answer's end. */
  costUsd?: number | null;
  finishReason?: string;
  requestId?: string;
  provider?: string;
  attempts?: number;
  keyId?: number;
  problem?: ApiError;
}

export interface Usage {
  promptTokens: number;
  completionTokens: number;
  cachedTokens?: number;
  reasoningTokens?: number;
}

export type Entry = Question | Results | Answer;

/** Whether the answer is still to come, or to end. */
export const isRunning = (answer: Answer): boolean =>
  answer.state === 'waiting' || answer.state === 'streaming';

/** The conversation as a model reads it; answers that failed before they said anything are no part of it. */
export function messagesOf(system: string, entries: readonly Entry[]): ChatMessage[] {
  const first: ChatMessage[] = system.trim() === '' ? [] : [{ role: 'system', content: system }];
  return first.concat(entries.flatMap(messages));
}

function messages(entry: Entry): ChatMessage[] {
  switch (entry.kind) {
    case 'question':
      return [{ role: 'user', content: content(entry) }];
    case 'results':
      return Object.entries(entry.results).map(([id, text]) => ({
        role: 'tool' as const,
        tool_call_id: id,
        content: text,
      }));
    case 'answer':
      return said(entry);
  }
}

function said(answer: Answer): ChatMessage[] {
  if (answer.text === '' && answer.calls.length === 0) return [];
  const calls = answer.calls.length > 0 ? { tool_calls: answer.calls } : {};
  return [{ role: 'assistant', content: answer.text === '' ? null : answer.text, ...calls }];
}

function content(question: Question): string | ContentPart[] {
  if (question.pictures.length === 0) return question.text;
  const text: ContentPart[] = question.text === '' ? [] : [{ type: 'text', text: question.text }];
  return text.concat(
    question.pictures.map(({ url }) => ({ type: 'image_url', image_url: { url } })),
  );
}

/** The calls of the last answer that wait for what they came to. */
export function openCalls(entries: readonly Entry[]): ToolCall[] {
  const last = entries.at(-1);
  return last?.kind === 'answer' && last.state === 'done' ? last.calls : [];
}

/** The conversation up to what was asked last, so that it can be asked again. */
export function beforeLastAnswer(entries: readonly Entry[]): Entry[] {
  const last = entries.findLastIndex((entry) => entry.kind === 'answer');
  return last < 0 ? [...entries] : entries.slice(0, last);
}

/** What all answers cost together; null as soon as one has no known price. */
export function costOf(entries: readonly Entry[]): number | null | undefined {
  let sum: number | undefined;
  for (const entry of entries) {
    if (entry.kind !== 'answer' || entry.costUsd === undefined) continue;
    if (entry.costUsd === null) return null;
    sum = (sum ?? 0) + entry.costUsd;
  }
  return sum;
}

let made = 0;

/** A name that no other entry of this page has. Browsers make none (`crypto.randomUUID`) for a page that came over plain http. */
export function newId(): string {
  made += 1;
  return `entry-${made}`;
}
