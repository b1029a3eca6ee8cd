import { describe, expect, it } from 'vitest';
import { anthropicBody } from './anthropic-body';
import { type ChatBody, helloBody } from './chat-body';
import { snippetKinds, snippetOf } from './snippet';

const source = { body: helloBody('sim-chat'), baseUrl: 'http://localhost:3000', token: 'tg-x' };

describe('the programs that ask', () => {
  it('each name the model, the token and our own address', () => {
    for (const kind of snippetKinds) {
      const text = snippetOf(kind, source);
      expect(text).toContain('sim-chat');
      expect(text).toContain('tg-x');
      expect(text).toContain('http://localhost:3000');
    }
  });

  it('quote an apostrophe for the shell', () => {
    const body: ChatBody = { model: 'm', messages: [{ role: 'user', content: "it's" }] };
    expect(snippetOf('curl', { ...source, body })).toContain(String.raw`it'\''s`);
  });

  it('write Python as Python', () => {
    const body: ChatBody = { ...source.body, stream: true, top_k: 3, extra: { a: null, b: false } };
    expect(snippetOf('python-openai', { ...source, body })).toBe(`from openai import OpenAI

client = OpenAI(base_url="http://localhost:3000/v1", api_key="tg-x")

stream = client.chat.completions.create(
    model="sim-chat",
    messages=[{"role": "user", "content": "Hello!"}],
    stream=True,
    extra_body={"top_k": 3, "extra": {"a": None, "b": False}},
)
for chunk in stream:
    if chunk.choices:
        print(chunk.choices[0].delta.content or "", end="")`);
  });

  it('write JavaScript as JavaScript', () => {
    expect(snippetOf('node-anthropic', source)).toBe(`import Anthropic from "@anthropic-ai/sdk";

const client = new Anthropic({ baseURL: "http://localhost:3000", apiKey: "tg-x" });

const message = await client.messages.create({
  model: "sim-chat",
  max_tokens: 1024,
  messages: [{ role: "user", content: "Hello!" }],
});
console.log(message.content[0].text);`);
  });
});

describe('a request in the words of Anthropic', () => {
  it('takes the system prompt, pictures, calls and their results along', () => {
    const body: ChatBody = {
      model: 'm',
      max_tokens: 9,
      stop: ['END'],
      messages: [
        { role: 'system', content: 'Be short.' },
        { role: 'user', content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
        ] },
        { role: 'assistant', content: null, tool_calls: [
          { id: 'c1', type: 'function', function: { name: 'look', arguments: '{"a":1}' } },
          { id: 'c2', type: 'function', function: { name: 'look', arguments: 'broken' } },
        ] },
        { role: 'tool', tool_call_id: 'c1', content: 'one' },
        { role: 'tool', tool_call_id: 'c2', content: 'two' },
      ],
      tools: [{ type: 'function', function: { name: 'look', parameters: { type: 'object' } } }],
    };
    expect(anthropicBody(body)).toEqual({
      model: 'm',
      max_tokens: 9,
      system: 'Be short.',
      stop_sequences: ['END'],
      messages: [
        { role: 'user', content: [
          { type: 'text', text: 'What is it?' },
          { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
        ] },
        { role: 'assistant', content: [
          { type: 'tool_use', id: 'c1', name: 'look', input: { a: 1 } },
          { type: 'tool_use', id: 'c2', name: 'look', input: {} },
        ] },
        { role: 'user', content: [
          { type: 'tool_result', tool_use_id: 'c1', content: 'one' },
          { type: 'tool_result', tool_use_id: 'c2', content: 'two' },
        ] },
      ],
      tools: [{ name: 'look', input_schema: { type: 'object' } }],
    });
  });
});
