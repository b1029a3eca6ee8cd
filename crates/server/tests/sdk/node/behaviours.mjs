// The common list of behaviours, which every SDK shows against every provider.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

const list = readFileSync(new URL("../behaviours.txt", import.meta.url), "utf8").trim().split("\n");
const providers = process.env.TOLLGATE_PROVIDERS.split(" ");
const shown = new Set();

/** An image of 70 bytes. */
export const pixel =
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==";

/** The arguments that the simulator makes up for the tools of the suites. */
export const expectedCalls = [
  ["get_weather", { city: "example city" }],
  ["get_time", { zone: "example zone" }],
];

/** The code of the provider that answers: the one named, or the one that the route named leads to. */
export const answering = (provider) => provider.split("-to-").at(-1);

/** A line of the list, checked against each provider, or each route to one past another that fails. */
export function behaviour(name, check) {
  shown.add(name);
  for (const provider of providers) {
    test(`${provider}: ${name}`, () => check(provider));
  }
}

/** Checks that every line of the list was shown, and no other. */
export function theWholeListWasShown() {
  test("the whole list is here", () => assert.deepEqual([...shown].sort(), [...list].sort()));
}

/** The schema of an object of texts. */
export function schemaOf(...names) {
  return {
    type: "object",
    properties: Object.fromEntries(names.map((name) => [name, { type: "string" }])),
    required: names,
    additionalProperties: false,
  };
}

/** The schema that answers are to fit, and the answer that the simulator makes up for it. */
export const shape = {
  type: "object",
  properties: { title: { type: "string" }, count: { type: "integer" } },
  required: ["title", "count"],
  additionalProperties: false,
};
export const shaped = { title: "example title", count: 1 };

/** The error that a call ends in, which has to be of this class. */
export async function failureOf(kind, call) {
  const failure = await call().then(
    () => assert.fail("it succeeded"),
    (error) => error,
  );
  assert.ok(failure instanceof kind, `${failure.name}: ${failure.message}`);
  return failure;
}

/** The error that reading a stream ends in, and what was read before. */
export async function brokenStream(kind, stream) {
  const items = [];
  const read = async () => {
    for await (const item of await stream) items.push(item);
  };
  return [await failureOf(kind, read), items];
}

let addresses = 0;

/** The error that guessing tokens ends in, each time from another address of a network. */
export async function errorOfGuessing(network, client, { guessed, ended }) {
  addresses += 1;
  const elsewhere = client.withOptions({
    apiKey: "tg-wrong",
    defaultHeaders: { "x-forwarded-for": `${network}.${addresses}` },
  });
  for (let tries = 0; tries < 200; tries += 1) {
    const failure = await failureOf(Error, () => elsewhere.models.list());
    if (failure instanceof ended) return failure;
    assert.ok(failure instanceof guessed, `${failure.name}: ${failure.message}`);
  }
  return assert.fail("nobody minds");
}
