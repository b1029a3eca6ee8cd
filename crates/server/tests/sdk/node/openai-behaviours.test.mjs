// The common list of behaviours, with OpenAI's SDK.

import assert from "node:assert/strict";

import OpenAI from "openai";

import {
  answering,
  behaviour,
  brokenStream,
  errorOfGuessing,
  expectedCalls,
  failureOf,
  pixel,
  schemaOf,
  shape,
  shaped,
  theWholeListWasShown,
} from "./behaviours.mjs";
import { collect, openai as client } from "./client.mjs";

const question = { role: "user", content: "What does a toll gate do?" };
const tool = (name, ...names) => ({
  type: "function",
  function: { name, parameters: schemaOf(...names) },
});
const twoTools = [tool("get_weather", "city"), tool("get_time", "zone")];
const dice = tool("roll_dice");

const ask = (model, fields = {}) =>
  client.chat.completions.create({ model, messages: [question], ...fields });
/** The next one, or else a provider that fails time and again is left to rest. */
const checkTheNextCallSucceeds = async (provider) =>
  assert.ok(textOf(await ask(`${provider}-failing/sim-chat`)));
const textOf = (answer) => answer.choices[0].message.content;

function checkCalls(calls) {
  const made = calls.map(({ function: { name, arguments: given } }) => [name, JSON.parse(given)]);
  assert.deepEqual(made, expectedCalls);
  assert.notEqual(calls[0].id, calls[1].id);
}

behaviour("a question is answered", async (provider) => {
  const answer = await ask(`${provider}/sim-chat`);

  const { prompt_tokens, completion_tokens, total_tokens } = answer.usage;
  assert.equal(
    textOf(answer),
    'Hello from the simulator. You wrote: "What does a toll gate do?"',
  );
  assert.equal(answer.choices[0].finish_reason, "stop");
  assert.ok(prompt_tokens > 0 && completion_tokens > 0);
  assert.equal(total_tokens, prompt_tokens + completion_tokens);
});

behaviour("a stream says the same as a whole answer", async (provider) => {
  const whole = await ask(`${provider}/sim-chat`);

  const chunks = await collect(await ask(`${provider}/sim-chat`, { stream: true }));

  const text = chunks.map((chunk) => chunk.choices[0].delta.content ?? "").join("");
  assert.equal(text, textOf(whole));
  assert.ok(chunks.length > 2);
  assert.equal(chunks.at(-1).choices[0].finish_reason, "stop");
});

behaviour("a caller may leave a stream", async (provider) => {
  const stream = await ask(`${provider}/sim-chat`, { stream: true });

  for await (const chunk of stream) {
    assert.ok(chunk.id);
    break;
  }

  assert.ok(stream.controller.signal.aborted);
});

behaviour("many calls run side by side", async (provider) => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(`${provider}/sim-chat`)));

  assert.equal(new Set(answers.map((answer) => answer.id)).size, 20);
});

behaviour("a system prompt is heeded", async (provider) => {
  for (const role of ["system", "developer"]) {
    const messages = [{ role, content: "Be kind." }, question];
    assert.match(textOf(await ask(`${provider}/sim-chat`, { messages })), /told: "Be kind\."/);
  }
});

behaviour("a conversation has several turns", async (provider) => {
  const messages = [
    question,
    { role: "assistant", content: "It stops cars." },
    { role: "user", content: "And then?" },
  ];

  assert.match(textOf(await ask(`${provider}/sim-chat`, { messages })), /wrote: "And then\?"/);
});

behaviour("an image is seen", async (provider) => {
  const image = { type: "image_url", image_url: { url: `data:image/png;base64,${pixel}` } };
  const content = [{ type: "text", text: "What are these?" }, image, image];

  const answer = await ask(`${provider}/sim-chat`, { messages: [{ role: "user", content }] });

  assert.match(textOf(answer), /I see: "image\/png of 70 bytes, image\/png of 70 bytes"/);
});

behaviour("a stop sequence ends the answer", async (provider) => {
  const messages = [{ role: "user", content: "one two three" }];

  const answer = await ask(`${provider}/sim-chat`, { messages, stop: ["never said", "two"] });

  assert.equal(textOf(answer), 'Hello from the simulator. You wrote: "one ');
  assert.equal(answer.choices[0].finish_reason, "stop");
});

behaviour("a token limit ends the answer", async (provider) => {
  const answer = await ask(`${provider}/sim-chat`, { max_completion_tokens: 3 });

  assert.equal(textOf(answer), "Hello from the");
  assert.equal(answer.choices[0].finish_reason, "length");
});

behaviour("a JSON schema shapes the answer", async (provider) => {
  const answer = await client.chat.completions.parse({
    model: `${provider}/sim-chat`,
    messages: [question],
    response_format: {
      type: "json_schema",
      json_schema: { name: "gate", strict: true, schema: shape },
    },
  });

  assert.deepEqual(answer.choices[0].message.parsed, shaped);
});

behaviour("two tools are called side by side and their results used", async (provider) => {
  const model = `${provider}/sim-chat`;
  const first = await ask(model, { tools: twoTools, tool_choice: "required" });
  const { message, finish_reason } = first.choices[0];
  assert.equal(finish_reason, "tool_calls");
  checkCalls(message.tool_calls);

  const results = ["14 degrees", "noon"].map((content, at) => ({
    role: "tool",
    tool_call_id: message.tool_calls[at].id,
    content,
  }));
  const messages = [question, message, ...results];
  const second = await ask(model, { messages, tools: twoTools });

  assert.equal(second.choices[0].finish_reason, "stop");
  assert.equal(textOf(second), "The tools answered: get_weather = 14 degrees; get_time = noon.");
});

behaviour("streamed tool calls come together", async (provider) => {
  const stream = client.chat.completions.stream({
    model: `${provider}/sim-chat`,
    messages: [question],
    tools: twoTools,
  });

  const final = await stream.finalChatCompletion();

  assert.equal(final.choices[0].finish_reason, "tool_calls");
  checkCalls(final.choices[0].message.tool_calls);
});

behaviour("a call without arguments gets an empty object", async (provider) => {
  const asked = { model: `${provider}/sim-chat`, messages: [question], tools: [dice] };
  const streamed = client.chat.completions.stream(asked).finalChatCompletion();
  const whole = client.chat.completions.create(asked);

  for (const answer of await Promise.all([whole, streamed])) {
    const [call] = answer.choices[0].message.tool_calls;
    assert.equal(call.function.name, "roll_dice");
    assert.deepEqual(JSON.parse(call.function.arguments), {});
  }
});

behaviour("thinking is told apart from the answer", async (provider) => {
  const { message } = (await ask(`${provider}/sim-reason`)).choices[0];
  assert.match(message.reasoning_content, /The user wrote/);
  assert.match(message.content, /^Hello from the simulator\./);

  const chunks = await collect(await ask(`${provider}/sim-reason`, { stream: true }));
  const thoughts = chunks.map((chunk) => chunk.choices[0].delta.reasoning_content ?? "");
  assert.equal(thoughts.join(""), message.reasoning_content);
});

behaviour("cached and reasoning tokens are in the usage", async (provider) => {
  const model = `${provider}/sim-cached-3-reason`;
  const options = { stream: true, stream_options: { include_usage: true } };
  const streamed = (await collect(await ask(model, options))).at(-1).usage;

  for (const usage of [streamed, (await ask(model)).usage]) {
    const { reasoning_tokens } = usage.completion_tokens_details;
    assert.equal(usage.prompt_tokens_details.cached_tokens, 3);
    assert.ok(usage.prompt_tokens > 3);
    assert.ok(0 < reasoning_tokens && reasoning_tokens < usage.completion_tokens);
    assert.equal(usage.total_tokens, usage.prompt_tokens + usage.completion_tokens);
  }
});

behaviour("a stream tells its usage", async (provider) => {
  const usages = async (options) => {
    const chunks = await collect(await ask(`${provider}/sim-chat`, { stream: true, ...options }));
    return chunks.map((chunk) => chunk.usage).filter(Boolean);
  };

  assert.deepEqual(await usages({}), []);
  const { usage } = await ask(`${provider}/sim-chat`);
  assert.deepEqual(await usages({ stream_options: { include_usage: true } }), [usage]);
});

behaviour("tokens are counted", async (provider) => {
  // This SDK cannot count beforehand; the answer tells.
  const count = async (...messages) =>
    (await ask(`${provider}/sim-chat`, { messages })).usage.prompt_tokens;

  const short = await count(question);
  assert.ok(short > 0 && short < (await count(question, question)));
});

behaviour("a bad request of ours is refused and named", async (provider) => {
  const failure = await failureOf(OpenAI.BadRequestError, () =>
    ask(`${provider}/sim-chat`, { temperature: 3 }),
  );

  assert.equal(failure.type, "invalid_request_error");
  assert.equal(failure.param, "temperature");
});

behaviour("a refusal of the provider is told as its own", async (provider) => {
  for (const stream of [false, true]) {
    const failure = await failureOf(OpenAI.BadRequestError, () =>
      ask(`${provider}/sim-error-400`, { stream }),
    );
    assert.equal(failure.type, "invalid_request_error");
  }
});

behaviour("a missing model is not found", async (provider) => {
  for (const model of ["no-such-model", `${provider}/sim-error-404`]) {
    const failure = await failureOf(OpenAI.NotFoundError, () => ask(model));
    assert.equal(failure.code, "model_not_found");
  }
});

behaviour("a wrong token is an authentication error", async () => {
  const failure = await failureOf(OpenAI.AuthenticationError, () =>
    client.withOptions({ apiKey: "tg-wrong" }).models.list(),
  );

  assert.equal(failure.code, "invalid_api_key");
});

behaviour("too many wrong tokens are a rate limit error", async () => {
  const failure = await errorOfGuessing("198.51.100", client, {
    guessed: OpenAI.AuthenticationError,
    ended: OpenAI.RateLimitError,
  });

  assert.equal(failure.status, 429);
});

behaviour("a rate limit of the provider is worth another try later", async (provider) => {
  const failure = await failureOf(OpenAI.InternalServerError, () =>
    ask(`${answering(provider)}-limited/sim-chat`),
  );

  assert.deepEqual([failure.status, failure.code], [503, "no_available_key"]);
  assert.ok(Number(failure.headers.get("retry-after")) > 0);
});

behaviour("a key that the provider refuses is not the callers fault", async (provider) => {
  const failure = await failureOf(OpenAI.InternalServerError, () =>
    ask(`${answering(provider)}-refused/sim-chat`),
  );

  assert.deepEqual([failure.status, failure.code], [503, "no_available_key"]);
});

behaviour("an overloaded provider is told as such", async (provider) => {
  for (const model of ["sim-error-529", "sim-error-first-503"]) {
    const failure = await failureOf(OpenAI.InternalServerError, () =>
      ask(`${provider}-failing/${model}`, { stream: true }),
    );
    assert.deepEqual([failure.status, failure.code], [503, "provider_error"], model);
    await checkTheNextCallSucceeds(provider);
  }
});

behaviour("a broken provider is told as such", async (provider) => {
  for (const model of ["sim-error-500", "sim-cut-head", "sim-error-first-500"]) {
    const failure = await failureOf(OpenAI.InternalServerError, () =>
      ask(`${provider}-failing/${model}`, { stream: true }),
    );
    assert.deepEqual([failure.status, failure.code], [502, "provider_error"], model);
    await checkTheNextCallSucceeds(provider);
  }
});

behaviour("an error inside a stream is raised", async (provider) => {
  for (const model of ["sim-error-middle-500", "sim-cut-middle"]) {
    const stream = ask(`${provider}-failing/${model}`, { stream: true });
    const [failure, chunks] = await brokenStream(OpenAI.APIError, stream);

    assert.equal(failure.code, "provider_error");
    assert.ok(chunks.some((chunk) => chunk.choices[0].delta.content));
    await checkTheNextCallSucceeds(provider);
  }
});

behaviour("every answer tells its request id and provider", async (provider) => {
  const { response, request_id } = await ask(`${provider}/sim-chat`).withResponse();
  assert.equal(request_id.length, 36);
  assert.equal(response.headers.get("x-tollgate-provider"), answering(provider));

  const failure = await failureOf(OpenAI.NotFoundError, () => ask("no-such-model"));
  assert.equal(failure.requestID.length, 36);
});

theWholeListWasShown();
