import assert from "node:assert/strict";
import { test } from "node:test";

import { client, collect } from "./client.mjs";

const messages = [{ role: "user", content: "What does a toll gate do?" }];

test("a question is answered", async () => {
  const answer = await client.chat.completions.create({ model: "sim-chat", messages });

  const { prompt_tokens, completion_tokens, total_tokens } = answer.usage;
  assert.ok(answer.choices[0].message.content);
  assert.equal(answer.choices[0].finish_reason, "stop");
  assert.ok(prompt_tokens > 0 && completion_tokens > 0);
  assert.equal(total_tokens, prompt_tokens + completion_tokens);
});

test("the response tells its request id and provider", async () => {
  const { response, request_id } = await client.chat.completions
    .create({ model: "simulator/sim-chat", messages })
    .withResponse();

  assert.equal(request_id.length, 36);
  assert.equal(response.headers.get("x-tollgate-provider"), "simulator");
});

test("a stream says the same as a whole answer", async () => {
  const whole = await client.chat.completions.create({ model: "sim-chat", messages });

  const stream = await client.chat.completions.create({ model: "sim-chat", messages, stream: true });
  const chunks = await collect(stream);

  const text = chunks.map((chunk) => chunk.choices[0].delta.content ?? "").join("");
  assert.equal(text, whole.choices[0].message.content);
  assert.equal(chunks.at(-1).choices[0].finish_reason, "stop");
});

test("a stream tells its usage only when asked", async () => {
  const usages = async (options) => {
    const body = { model: "sim-chat", messages, stream: true, ...options };
    const chunks = await collect(await client.chat.completions.create(body));
    return chunks.map((chunk) => chunk.usage).filter(Boolean);
  };

  assert.deepEqual(await usages({}), []);
  const asked = await usages({ stream_options: { include_usage: true } });
  assert.equal(asked.length, 1);
  assert.ok(asked[0].total_tokens > 0);
});

test("a caller may leave a stream", async () => {
  const stream = await client.chat.completions.create({ model: "sim-chat", messages, stream: true });

  for await (const chunk of stream) {
    assert.ok(chunk.id);
    break;
  }

  assert.ok(stream.controller.signal.aborted);
});

test("a JSON schema shapes the answer", async () => {
  const schema = {
    type: "object",
    properties: { title: { type: "string" }, count: { type: "integer" } },
    required: ["title", "count"],
    additionalProperties: false,
  };

  const answer = await client.chat.completions.parse({
    model: "sim-chat",
    messages,
    response_format: { type: "json_schema", json_schema: { name: "gate", strict: true, schema } },
  });

  const { title, count } = answer.choices[0].message.parsed;
  assert.equal(typeof title, "string");
  assert.ok(Number.isInteger(count));
});
