import assert from "node:assert/strict";
import { test } from "node:test";

import { client } from "./client.mjs";

const tool = (name, argument) => ({
  type: "function",
  function: {
    name,
    parameters: {
      type: "object",
      properties: { [argument]: { type: "string" } },
      required: [argument],
      additionalProperties: false,
    },
  },
});
const tools = [tool("get_weather", "city"), tool("get_time", "zone")];
const question = { role: "user", content: "What are the weather and the time in Paris?" };

function checkCalls(calls) {
  assert.deepEqual(calls.map((call) => call.function.name), ["get_weather", "get_time"]);
  assert.ok("city" in JSON.parse(calls[0].function.arguments));
  assert.ok("zone" in JSON.parse(calls[1].function.arguments));
  assert.notEqual(calls[0].id, calls[1].id);
}

test("two tools are called side by side and their answers used", async () => {
  const first = await client.chat.completions.create({
    model: "sim-chat",
    messages: [question],
    tools,
    tool_choice: "required",
  });
  const { message, finish_reason } = first.choices[0];

  assert.equal(finish_reason, "tool_calls");
  checkCalls(message.tool_calls);

  const results = message.tool_calls.map((call) => ({
    role: "tool",
    tool_call_id: call.id,
    content: "fine",
  }));
  const second = await client.chat.completions.create({
    model: "sim-chat",
    messages: [question, message, ...results],
    tools,
  });

  assert.equal(second.choices[0].finish_reason, "stop");
  assert.ok(second.choices[0].message.content);
});

test("streamed tool calls come together", async () => {
  const stream = client.chat.completions.stream({
    model: "sim-chat",
    messages: [question],
    tools,
    tool_choice: "required",
  });

  const final = await stream.finalChatCompletion();

  assert.equal(final.choices[0].finish_reason, "tool_calls");
  checkCalls(final.choices[0].message.tool_calls);
});
