import assert from "node:assert/strict";
import { test } from "node:test";

import { chromium } from "playwright-core";

import { url } from "./client.mjs";

const launchOptions = {
  executablePath: process.env.CHROMIUM,
  // Chromium refuses its sandbox to root.
  chromiumSandbox: process.getuid?.() !== 0,
  args: [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
};

test("the API's page renders under its policy, from our origin alone", async (t) => {
  const browser = await chromium.launch(launchOptions);
  t.after(() => browser.close());
  const page = await browser.newPage({ viewport: { width: 1280, height: 900 } });
  const complaints = [];
  const requests = [];
  page.on("console", (message) => {
    if (!["error", "warning"].includes(message.type())) return;
    complaints.push(`${message.text()} (${message.location().url})`);
  });
  page.on("pageerror", (error) => complaints.push(String(error)));
  page.on("requestfailed", (request) => complaints.push(`failed: ${request.url()}`));
  page.on("request", (request) => requests.push(request.url()));

  const response = await page.goto(`${url}/api/docs`);
  await page.getByText("/v1/chat/completions", { exact: true }).first().waitFor();

  assert.equal(response.status(), 200);
  assert.match(response.headers()["content-security-policy"], /default-src/);
  assert.deepEqual(complaints, []);
  const elsewhere = requests.filter((one) => !one.startsWith(url) && !one.startsWith("data:"));
  assert.deepEqual(elsewhere, []);
  assert.equal(await page.locator(".errors-wrapper").count(), 0);
});
