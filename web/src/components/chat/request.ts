import type { ChatBody, ToolDefinition } from '../snippets/chat-body';
import { type Entry, messagesOf } from './conversation';

/** What is set beside the conversation. Empty texts and nulls are left to the model. */
export interface Parameters {
  system: string;
  temperature: number | null;
  topP: number | null;
  maxTokens: number | null;
  stop: string[];
  isJson: boolean;
  isStream: boolean;
  /** A JSON list of tools, as typed. */
  tools: string;
  /** A JSON object of whatever else is sent along, as typed. */
  extra: string;
}

export const initialParameters: Parameters = {
  system: '',
  temperature: null,
  topP: null,
  maxTokens: null,
  stop: [],
  isJson: false,
  isStream: true,
  tools: '',
  extra: '',
};

/** The request in OpenAI's words: what an app would send. */
export function bodyOf(model: string, parameters: Parameters, entries: readonly Entry[]): ChatBody {
  const body: ChatBody = { model, messages: messagesOf(parameters.system, entries) };
  if (parameters.temperature !== null) body.temperature = parameters.temperature;
  if (parameters.topP !== null) body.top_p = parameters.topP;
  if (parameters.maxTokens !== null) body.max_tokens = parameters.maxTokens;
  if (parameters.stop.length > 0) body.stop = parameters.stop;
  if (parameters.isJson) body.response_format = { type: 'json_object' };
  const tools = toolsOf(parameters.tools);
  if (tools.ok && tools.value.length > 0) body.tools = tools.value;
  const extra = extraOf(parameters.extra);
  if (extra.ok) Object.assign(body, extra.value);
  if (parameters.isStream) body.stream = true;
  return body;
}

/** A typed JSON text, or why it is none; `path` says where. */
export type Typed<T> = { ok: true; value: T } | { ok: false; why: 'json' | 'shape'; detail: string };

/** The tools; wrapped in `{type: "function"}` where only the function was written. */
export function toolsOf(text: string): Typed<ToolDefinition[]> {
  if (text.trim() === '') return { ok: true, value: [] };
  const read = json(text);
  if (!read.ok) return read;
  const list: unknown[] = Array.isArray(read.value) ? read.value : [read.value];
  const tools: ToolDefinition[] = [];
  for (const [index, item] of list.entries()) {
    const tool = asTool(item);
    if (!tool) return { ok: false, why: 'shape', detail: `[${index}]` };
    tools.push(tool);
  }
  return { ok: true, value: tools };
}

function asTool(item: unknown): ToolDefinition | undefined {
  if (!isObject(item)) return undefined;
  if (typeof item.type === 'string' && item.type !== 'function') {
    // A tool of the provider's own, such as {"type": "web_search"}.
    return item as unknown as ToolDefinition;
  }
  const definition = isObject(item.function) ? item.function : item;
  if (typeof definition.name !== 'string' || definition.name === '') return undefined;
  return { type: 'function', function: definition as unknown as ToolDefinition['function'] };
}

/** Fields that are set elsewhere on the page. */
const OWN = ['model', 'messages', 'stream'];

export function extraOf(text: string): Typed<Record<string, unknown>> {
  if (text.trim() === '') return { ok: true, value: {} };
  const read = json(text);
  if (!read.ok) return read;
  if (!isObject(read.value)) return { ok: false, why: 'shape', detail: '' };
  const taken = OWN.find((name) => name in (read.value as object));
  if (taken) return { ok: false, why: 'shape', detail: taken };
  return { ok: true, value: read.value };
}

function json(text: string): Typed<unknown> {
  try {
    return { ok: true, value: JSON.parse(text) as unknown };
  } catch (error) {
    return { ok: false, why: 'json', detail: error instanceof Error ? error.message : '' };
  }
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Names that differ between OpenAI's words and ours. */
const OURS: Record<string, string> = {
  max_tokens: 'maxTokens',
  top_p: 'topP',
  tool_choice: 'toolChoice',
  response_format: 'responseFormat',
};

/** The same request for `POST /api/ai/chat/completions`, which also tells what a stream cost. */
export function inOurWords(body: ChatBody): Record<string, unknown> {
  return Object.fromEntries(Object.entries(body).map(([name, value]) => [OURS[name] ?? name, value]));
}
