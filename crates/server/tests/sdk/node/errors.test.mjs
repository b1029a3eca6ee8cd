import assert from "node:assert/strict";
import { test } from "node:test";

import OpenAI from "openai";

import { client } from "./client.mjs";

const messages = [{ role: "user", content: "hello" }];

/** The error a promise ends in. */
async function failureOf(promise) {
  return promise.then(() => assert.fail("it succeeded"), (error) => error);
}

test("a wrong key is an authentication error", async () => {
  const failure = await failureOf(client.withOptions({ apiKey: "tg-wrong" }).models.list());

  assert.ok(failure instanceof OpenAI.AuthenticationError);
  assert.equal(failure.requestID.length, 36);
});

test("an unknown model is not found", async () => {
  const failure = await failureOf(client.chat.completions.create({ model: "no-such-model", messages }));

  assert.ok(failure instanceof OpenAI.NotFoundError);
  assert.equal(failure.code, "model_not_found");
});

test("a bad parameter is named", async () => {
  const failure = await failureOf(
    client.chat.completions.create({ model: "sim-chat", messages, temperature: 3 }),
  );

  assert.ok(failure instanceof OpenAI.BadRequestError);
  assert.equal(failure.type, "invalid_request_error");
  assert.equal(failure.param, "temperature");
});

test("a provider without keys fails at once", async () => {
  const failure = await failureOf(
    client.chat.completions.create({ model: "openai/gpt-5", messages }),
  );

  assert.ok(failure instanceof OpenAI.InternalServerError);
  assert.equal(failure.status, 503);
  assert.equal(failure.code, "no_available_key");
});
