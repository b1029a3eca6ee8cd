// What OpenAI's SDK alone has.

import assert from "node:assert/strict";
import { test } from "node:test";

import OpenAI from "openai";

import { failureOf } from "./behaviours.mjs";
import { collect, openai as client } from "./client.mjs";

const messages = [{ role: "user", content: "Hello?" }];

test("a provider without keys fails at once", async () => {
  const failure = await failureOf(OpenAI.InternalServerError, () =>
    client.chat.completions.create({ model: "deepseek/deepseek-chat", messages }),
  );

  assert.deepEqual([failure.status, failure.code], [503, "no_available_key"]);
});

test("models are listed and found by their id", async () => {
  const ids = (await collect(client.models.list())).map((model) => model.id);

  assert.ok(ids.includes("sim-chat"));
  assert.equal((await client.models.retrieve("sim-chat")).id, "sim-chat");
});

for (const provider of ["openai", "gemini"]) {
  test(`${provider}: embeddings come in the encoding that the SDK asks for`, async () => {
    const asked = { model: `${provider}/sim-embed`, input: ["a gate", "a toll"] };

    const packed = await client.embeddings.create(asked);
    const plain = await client.embeddings.create({ ...asked, encoding_format: "float" });

    assert.deepEqual(packed.data.map((item) => item.index), [0, 1]);
    assert.ok(packed.data[0].embedding.length > 0);
    packed.data[0].embedding.forEach((value, at) => {
      assert.ok(Math.abs(value - plain.data[0].embedding[at]) < 1e-6);
    });
  });
}
