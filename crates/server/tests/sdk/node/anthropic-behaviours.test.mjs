// The common list of behaviours, with Anthropic's SDK.

import assert from "node:assert/strict";

import Anthropic from "@anthropic-ai/sdk";
import { jsonSchemaOutputFormat } from "@anthropic-ai/sdk/helpers/json-schema";

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
import { anthropic as client, collect } from "./client.mjs";

const question = { role: "user", content: "What does a toll gate do?" };
const tool = (name, ...names) => ({ name, input_schema: schemaOf(...names) });
const twoTools = [tool("get_weather", "city"), tool("get_time", "zone")];
const dice = tool("roll_dice");

const request = (model, fields) => ({ model, max_tokens: 1000, messages: [question], ...fields });
const ask = (model, fields) => client.messages.create(request(model, fields));
const finalOf = (model, fields) => client.messages.stream(request(model, fields)).finalMessage();
/** The next one, or else a provider that fails time and again is left to rest. */
const checkTheNextCallSucceeds = async (provider) =>
  assert.ok(textOf(await ask(`${provider}-failing/sim-chat`)));
const textOf = (answer) => answer.content.find((block) => block.type === "text").text;
const kindOf = (failure) => failure.error.error.type;
const codeOf = (failure) => failure.error.error.details.error_code;

function checkCalls(answer) {
  const calls = answer.content.filter((block) => block.type === "tool_use");
  assert.deepEqual(calls.map(({ name, input }) => [name, input]), expectedCalls);
  assert.notEqual(calls[0].id, calls[1].id);
  return calls;
}

behaviour("a question is answered", async (provider) => {
  const answer = await ask(`${provider}/sim-chat`);

  assert.deepEqual([answer.type, answer.role], ["message", "assistant"]);
  assert.equal(
    textOf(answer),
    'Hello from the simulator. You wrote: "What does a toll gate do?"',
  );
  assert.deepEqual([answer.stop_reason, answer.stop_sequence], ["end_turn", null]);
  assert.ok(answer.usage.input_tokens > 0 && answer.usage.output_tokens > 0);
});

behaviour("a stream says the same as a whole answer", async (provider) => {
  const whole = await ask(`${provider}/sim-chat`);

  const final = await finalOf(`${provider}/sim-chat`);

  assert.equal(textOf(final), textOf(whole));
  assert.equal(final.stop_reason, "end_turn");
  const events = await collect(await ask(`${provider}/sim-chat`, { stream: true }));
  assert.equal(events[0].type, "message_start");
  assert.equal(events.at(-1).type, "message_stop");
  assert.ok(events.filter((event) => event.type === "content_block_delta").length > 2);
});

behaviour("a caller may leave a stream", async (provider) => {
  const stream = await ask(`${provider}/sim-chat`, { stream: true });

  for await (const event of stream) {
    assert.equal(event.type, "message_start");
    break;
  }

  assert.ok(stream.controller.signal.aborted);
});

behaviour("many calls run side by side", async (provider) => {
  const answers = await Promise.all(Array.from({ length: 20 }, () => ask(`${provider}/sim-chat`)));

  assert.equal(new Set(answers.map((answer) => answer.id)).size, 20);
});

behaviour("a system prompt is heeded", async (provider) => {
  for (const system of ["Be kind.", [{ type: "text", text: "Be kind." }]]) {
    assert.match(textOf(await ask(`${provider}/sim-chat`, { system })), /told: "Be kind\."/);
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
  const source = { type: "base64", media_type: "image/png", data: pixel };
  const image = { type: "image", source };
  const content = [image, image, { type: "text", text: "What are these?" }];

  const answer = await ask(`${provider}/sim-chat`, { messages: [{ role: "user", content }] });

  assert.match(textOf(answer), /I see: "image\/png of 70 bytes, image\/png of 70 bytes"/);
});

behaviour("a stop sequence ends the answer", async (provider) => {
  const messages = [{ role: "user", content: "one two three" }];

  const answer = await ask(`${provider}/sim-chat`, {
    messages,
    stop_sequences: ["never said", "two"],
  });

  assert.equal(textOf(answer), 'Hello from the simulator. You wrote: "one ');
  // Only its own protocol tells why, and which it was.
  const told = answering(provider) === "anthropic" ? ["stop_sequence", "two"] : ["end_turn", null];
  assert.deepEqual([answer.stop_reason, answer.stop_sequence], told);
});

behaviour("a token limit ends the answer", async (provider) => {
  const answer = await ask(`${provider}/sim-chat`, { max_tokens: 3 });

  assert.equal(textOf(answer), "Hello from the");
  assert.deepEqual([answer.stop_reason, answer.usage.output_tokens], ["max_tokens", 3]);
});

behaviour("a JSON schema shapes the answer", async (provider) => {
  const format = jsonSchemaOutputFormat(shape);

  const answer = await client.messages.parse(
    request(`${provider}/sim-chat`, { output_config: { format } }),
  );

  assert.deepEqual(answer.parsed_output, shaped);
});

behaviour("two tools are called side by side and their results used", async (provider) => {
  const model = `${provider}/sim-chat`;
  const first = await ask(model, { tools: twoTools, tool_choice: { type: "any" } });
  assert.equal(first.stop_reason, "tool_use");
  const calls = checkCalls(first);

  const results = ["14 degrees", [{ type: "text", text: "noon" }]].map((content, at) => ({
    type: "tool_result",
    tool_use_id: calls[at].id,
    content,
  }));
  const messages = [
    question,
    { role: "assistant", content: first.content },
    { role: "user", content: results },
  ];
  const second = await ask(model, { messages, tools: twoTools });

  assert.equal(second.stop_reason, "end_turn");
  assert.equal(textOf(second), "The tools answered: get_weather = 14 degrees; get_time = noon.");
});

behaviour("streamed tool calls come together", async (provider) => {
  const final = await finalOf(`${provider}/sim-chat`, { tools: twoTools });

  assert.equal(final.stop_reason, "tool_use");
  checkCalls(final);
});

behaviour("a call without arguments gets an empty object", async (provider) => {
  const whole = ask(`${provider}/sim-chat`, { tools: [dice] });
  const streamed = finalOf(`${provider}/sim-chat`, { tools: [dice] });

  for (const answer of await Promise.all([whole, streamed])) {
    const [call] = answer.content.filter((block) => block.type === "tool_use");
    assert.deepEqual([call.name, call.input], ["roll_dice", {}]);
  }
});

behaviour("thinking is told apart from the answer", async (provider) => {
  const answer = await ask(`${provider}/sim-reason`);
  const [thinking, text] = answer.content;
  assert.match(thinking.thinking, /The user wrote/);
  assert.match(text.text, /^Hello from the simulator\./);

  const final = await finalOf(`${provider}/sim-reason`);
  assert.equal(final.content[0].thinking, thinking.thinking);
  assert.equal(textOf(final), text.text);
});

behaviour("cached and reasoning tokens are in the usage", async (provider) => {
  const model = `${provider}/sim-cached-3-reason`;

  for (const { usage } of [await ask(model), await finalOf(model)]) {
    const { thinking_tokens } = usage.output_tokens_details;
    assert.equal(usage.cache_read_input_tokens, 3);
    assert.ok(usage.input_tokens > 0);
    assert.ok(0 < thinking_tokens && thinking_tokens < usage.output_tokens);
  }
});

behaviour("a stream tells its usage", async (provider) => {
  const whole = (await ask(`${provider}/sim-chat`)).usage;

  const events = await collect(await ask(`${provider}/sim-chat`, { stream: true }));

  const { type, usage } = events.at(-2);
  assert.equal(type, "message_delta");
  assert.deepEqual(
    [usage.input_tokens, usage.output_tokens],
    [whole.input_tokens, whole.output_tokens],
  );
});

behaviour("tokens are counted", async (provider) => {
  const count = async (...messages) => {
    const asked = { model: `${provider}/sim-chat`, messages };
    const { data, response } = await client.messages.countTokens(asked).withResponse();
    // OpenAI's protocol cannot count, so that is an estimate of the gateway's.
    const kind = answering(provider) === "openai" ? "estimate" : "exact";
    assert.equal(response.headers.get("x-tollgate-token-count"), kind);
    return data.input_tokens;
  };

  const short = await count(question);
  assert.ok(short > 0 && short < (await count(question, question)));
});

behaviour("a bad request of ours is refused and named", async (provider) => {
  const failure = await failureOf(Anthropic.BadRequestError, () =>
    ask(`${provider}/sim-chat`, { max_tokens: -1 }),
  );

  assert.equal(kindOf(failure), "invalid_request_error");
  assert.match(failure.error.error.message, /^max_tokens: /);
});

behaviour("a refusal of the provider is told as its own", async (provider) => {
  for (const stream of [false, true]) {
    const failure = await failureOf(Anthropic.BadRequestError, () =>
      ask(`${provider}/sim-error-400`, { stream }),
    );
    assert.equal(kindOf(failure), "invalid_request_error");
  }
});

behaviour("a missing model is not found", async (provider) => {
  for (const model of ["no-such-model", `${provider}/sim-error-404`]) {
    const failure = await failureOf(Anthropic.NotFoundError, () => ask(model));
    assert.equal(kindOf(failure), "not_found_error");
  }
});

behaviour("a wrong token is an authentication error", async () => {
  const failure = await failureOf(Anthropic.AuthenticationError, () =>
    client.withOptions({ apiKey: "tg-wrong" }).models.list(),
  );

  assert.equal(kindOf(failure), "authentication_error");
});

behaviour("too many wrong tokens are a rate limit error", async () => {
  const failure = await errorOfGuessing("203.0.113", client, {
    guessed: Anthropic.AuthenticationError,
    ended: Anthropic.RateLimitError,
  });

  assert.equal(kindOf(failure), "rate_limit_error");
});

behaviour("a rate limit of the provider is worth another try later", async (provider) => {
  const failure = await failureOf(Anthropic.InternalServerError, () =>
    ask(`${answering(provider)}-limited/sim-chat`),
  );

  assert.deepEqual([failure.status, codeOf(failure)], [503, "no_available_key"]);
  assert.ok(Number(failure.headers.get("retry-after")) > 0);
});

behaviour("a key that the provider refuses is not the callers fault", async (provider) => {
  const failure = await failureOf(Anthropic.InternalServerError, () =>
    ask(`${answering(provider)}-refused/sim-chat`),
  );

  assert.deepEqual([failure.status, codeOf(failure)], [503, "no_available_key"]);
});

behaviour("an overloaded provider is told as such", async (provider) => {
  for (const model of ["sim-error-529", "sim-error-first-503"]) {
    const failure = await failureOf(Anthropic.OverloadedError, () =>
      ask(`${provider}-failing/${model}`, { stream: true }),
    );
    assert.deepEqual([failure.status, kindOf(failure)], [529, "overloaded_error"], model);
    await checkTheNextCallSucceeds(provider);
  }
});

behaviour("a broken provider is told as such", async (provider) => {
  for (const model of ["sim-error-500", "sim-cut-head", "sim-error-first-500"]) {
    const failure = await failureOf(Anthropic.InternalServerError, () =>
      ask(`${provider}-failing/${model}`, { stream: true }),
    );
    assert.deepEqual([failure.status, kindOf(failure)], [502, "api_error"], model);
    await checkTheNextCallSucceeds(provider);
  }
});

behaviour("an error inside a stream is raised", async (provider) => {
  for (const model of ["sim-error-middle-500", "sim-cut-middle"]) {
    const stream = ask(`${provider}-failing/${model}`, { stream: true });
    const [failure, events] = await brokenStream(Anthropic.APIError, stream);

    assert.equal(kindOf(failure), "api_error");
    assert.ok(events.some((event) => event.type === "content_block_delta"));
    await checkTheNextCallSucceeds(provider);
  }
});

behaviour("every answer tells its request id and provider", async (provider) => {
  const { response, request_id } = await ask(`${provider}/sim-chat`).withResponse();
  assert.equal(request_id.length, 36);
  assert.equal(response.headers.get("x-tollgate-provider"), answering(provider));

  const failure = await failureOf(Anthropic.NotFoundError, () => ask("no-such-model"));
  assert.equal(failure.requestID.length, 36);
});

theWholeListWasShown();
