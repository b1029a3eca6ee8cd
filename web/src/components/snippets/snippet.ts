import { anthropicBody } from './anthropic-body';
import type { ChatBody } from './chat-body';
import { javascript, literal, python } from './literal';

/** The ways in which an app can ask. */
export const snippetKinds = [
  'curl',
  'python-openai',
  'node-openai',
  'python-anthropic',
  'node-anthropic',
] as const;
export type SnippetKind = (typeof snippetKinds)[number];

/** What each is written in, for the reader and for the colours. */
export const snippetLanguage: Record<SnippetKind, 'shell' | 'python' | 'javascript'> = {
  curl: 'shell',
  'python-openai': 'python',
  'node-openai': 'javascript',
  'python-anthropic': 'python',
  'node-anthropic': 'javascript',
};

export interface SnippetSource {
  /** The request, in OpenAI's words. */
  body: ChatBody;
  /** Our origin, without a path. */
  baseUrl: string;
  /** The app token, or what stands for one. */
  token: string;
}

/** A program that sends the request. */
export function snippetOf(kind: SnippetKind, source: SnippetSource): string {
  switch (kind) {
    case 'curl':
      return curl(source);
    case 'python-openai':
      return pythonOpenai(source);
    case 'node-openai':
      return nodeOpenai(source);
    case 'python-anthropic':
      return pythonAnthropic(source);
    case 'node-anthropic':
      return nodeAnthropic(source);
  }
}

function curl({ body, baseUrl, token }: SnippetSource): string {
  const json = JSON.stringify(body, null, 2).replaceAll("'", String.raw`'\''`);
  return `curl ${baseUrl}/v1/chat/completions \\
  -H "Authorization: Bearer ${token}" \\
  -H "Content-Type: application/json" \\
  -d '${json}'`;
}

/** Fields that OpenAI's SDK for Python does not take as arguments of their own go into `extra_body`. */
const OPENAI_FIELDS = new Set([
  'model', 'messages', 'stream', 'max_tokens', 'temperature', 'top_p', 'stop', 'tools', 'tool_choice',
  'response_format', 'seed', 'presence_penalty', 'frequency_penalty', 'user', 'n', 'logprobs',
  'top_logprobs', 'parallel_tool_calls', 'reasoning_effort', 'max_completion_tokens', 'stream_options',
  'metadata', 'service_tier', 'logit_bias', 'verbosity',
]);

function keywords(fields: Record<string, unknown>): string {
  return Object.entries(fields)
    .map(([name, value]) => `    ${name}=${literal(value, python, '    ', 1)},\n`)
    .join('');
}

function pythonOpenai({ body, baseUrl, token }: SnippetSource): string {
  const known = Object.entries(body).filter(([name]) => OPENAI_FIELDS.has(name));
  const others = Object.entries(body).filter(([name]) => !OPENAI_FIELDS.has(name));
  const fields = Object.fromEntries(known);
  if (others.length > 0) fields.extra_body = Object.fromEntries(others);
  const name = body.stream ? 'stream' : 'answer';
  const read = body.stream
    ? `for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="")`
    : 'print(answer.choices[0].message.content)';
  return `from openai import OpenAI

client = OpenAI(base_url="${baseUrl}/v1", api_key="${token}")

${name} = client.chat.completions.create(
${keywords(fields)})
${read}`;
}

function nodeOpenai({ body, baseUrl, token }: SnippetSource): string {
  const name = body.stream ? 'stream' : 'answer';
  const read = body.stream
    ? `for await (const chunk of stream) {
  process.stdout.write(chunk.choices[0]?.delta?.content ?? "");
}`
    : 'console.log(answer.choices[0].message.content);';
  return `import OpenAI from "openai";

const client = new OpenAI({ baseURL: "${baseUrl}/v1", apiKey: "${token}" });

const ${name} = await client.chat.completions.create(${object(body)});
${read}`;
}

function pythonAnthropic({ body, baseUrl, token }: SnippetSource): string {
  const { stream, ...fields } = anthropicBody(body);
  const client = `from anthropic import Anthropic

client = Anthropic(base_url="${baseUrl}", api_key="${token}")

`;
  return client + (stream
    ? `with client.messages.stream(
${keywords(fields)}) as stream:
    for text in stream.text_stream:
        print(text, end="")`
    : `message = client.messages.create(
${keywords(fields)})
print(message.content[0].text)`);
}

function nodeAnthropic({ body, baseUrl, token }: SnippetSource): string {
  const { stream, ...fields } = anthropicBody(body);
  const client = `import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({ baseURL: "${baseUrl}", apiKey: "${token}" });

`;
  return client + (stream
    ? `const stream = client.messages.stream(${object(fields)});
for await (const event of stream) {
  if (event.type === "content_block_delta" && event.delta.type === "text_delta") {
    process.stdout.write(event.delta.text);
  }
}`
    : `const message = await client.messages.create(${object(fields)});
console.log(message.content[0].text);`);
}

/** An object over several lines, even a short one: it is what readers will change. */
function object(fields: Record<string, unknown>): string {
  const lines = Object.entries(fields).map(
    ([name, value]) => `  ${javascript.name(name)}: ${literal(value, javascript, '  ', 1)},\n`,
  );
  return `{\n${lines.join('')}}`;
}
