import assert from "node:assert/strict";
import { test } from "node:test";

import { client, collect } from "./client.mjs";

test("models are listed and found by their id", async () => {
  const ids = (await collect(client.models.list())).map((model) => model.id);

  assert.ok(ids.includes("sim-chat"));
  assert.equal((await client.models.retrieve("sim-chat")).id, "sim-chat");
});

test("embeddings come in the encoding that the SDK asks for", async () => {
  const input = ["a gate", "a toll"];

  const packed = await client.embeddings.create({ model: "sim-embed", input });
  const plain = await client.embeddings.create({ model: "sim-embed", input, encoding_format: "float" });

  assert.deepEqual(packed.data.map((item) => item.index), [0, 1]);
  assert.ok(packed.data[0].embedding.length > 0);
  packed.data[0].embedding.forEach((value, at) => {
    assert.ok(Math.abs(value - plain.data[0].embedding[at]) < 1e-6);
  });
});
