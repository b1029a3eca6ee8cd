// The official SDKs, with nothing but their base URL and key changed.

import Anthropic from "@anthropic-ai/sdk";
import OpenAI from "openai";

/** Where the gateway listens. */
export const url = process.env.TOLLGATE_URL;

const apiKey = process.env.TOLLGATE_KEY;

export const openai = new OpenAI({ baseURL: `${url}/v1`, apiKey, maxRetries: 0 });

export const anthropic = new Anthropic({ baseURL: url, apiKey, maxRetries: 0 });

/** Everything an async iterable yields. */
export async function collect(stream) {
  const items = [];
  for await (const item of stream) items.push(item);
  return items;
}
