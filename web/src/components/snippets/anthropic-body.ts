import type { ChatBody, ChatMessage, ContentPart, ToolCall } from './chat-body';

type Block = Record<string, unknown>;
type Turn = { role: 'user' | 'assistant'; content: string | Block[] };

/** What Anthropic asks for where the caller names no bound. */
const DEFAULT_MAX_TOKENS = 1024;

/** The same request in Anthropic's words; fields that only OpenAI knows are left out. */
export function anthropicBody(body: ChatBody): Record<string, unknown> {
  const system = body.messages.flatMap((each) => (each.role === 'system' ? [each.content] : []));
  const out: Record<string, unknown> = {
    model: body.model,
    max_tokens: body.max_tokens ?? DEFAULT_MAX_TOKENS,
  };
  if (system.length > 0) out.system = system.join('\n\n');
  out.messages = joined(body.messages.flatMap(turn));
  if (body.temperature !== undefined) out.temperature = Math.min(body.temperature, 1);
  if (body.top_p !== undefined) out.top_p = body.top_p;
  if (body.stop !== undefined) out.stop_sequences = body.stop;
  if (body.tools !== undefined) {
    out.tools = body.tools.map(({ function: { name, description, parameters } }) => ({
      name,
      ...(description === undefined ? {} : { description }),
      input_schema: parameters ?? { type: 'object' },
    }));
  }
  if (body.stream !== undefined) out.stream = body.stream;
  return out;
}

function turn(message: ChatMessage): Turn[] {
  switch (message.role) {
    case 'system':
      return [];
    case 'user':
      return [{ role: 'user', content: typeof message.content === 'string' ? message.content : message.content.map(part) }];
    case 'tool':
      return [{
        role: 'user',
        content: [{ type: 'tool_result', tool_use_id: message.tool_call_id, content: message.content }],
      }];
    case 'assistant': {
      const calls = message.tool_calls ?? [];
      if (calls.length === 0) return [{ role: 'assistant', content: message.content ?? '' }];
      const text = message.content ? [{ type: 'text', text: message.content }] : [];
      return [{ role: 'assistant', content: [...text, ...calls.map(toolUse)] }];
    }
  }
}

/** Turns of one role after another become one: Anthropic wants the results of all calls together. */
function joined(turns: Turn[]): Turn[] {
  const out: Turn[] = [];
  for (const each of turns) {
    const last = out.at(-1);
    if (last?.role === each.role) last.content = [...blocks(last.content), ...blocks(each.content)];
    else out.push({ ...each });
  }
  return out;
}

const blocks = (content: string | Block[]): Block[] =>
  typeof content === 'string' ? [{ type: 'text', text: content }] : content;

function part(each: ContentPart): Block {
  if (each.type === 'text') return { type: 'text', text: each.text };
  const data = /^data:([^;,]+);base64,(.*)$/s.exec(each.image_url.url);
  const source = data
    ? { type: 'base64', media_type: data[1], data: data[2] }
    : { type: 'url', url: each.image_url.url };
  return { type: 'image', source };
}

function toolUse(call: ToolCall): Block {
  return { type: 'tool_use', id: call.id, name: call.function.name, input: parsed(call.function.arguments) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return {};
  }
}
