// The official SDK, with nothing but its base URL and key changed.

import OpenAI from "openai";

/** Where the gateway listens. */
export const url = process.env.TOLLGATE_URL;

export const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: process.env.TOLLGATE_KEY });

/** Everything an async iterable yields. */
export async function collect(stream) {
  const items = [];
  for await (const item of stream) items.push(item);
  return items;
}
