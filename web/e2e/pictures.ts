import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { beforeAll, it } from 'vitest';
import { inBothLanguages, shot, useStage, wordsOf } from './harness';
import { pictures } from './places';

/**
 * `make pictures`: the pictures in the documents, taken of the running product. It is run by itself, with
 * pictures.config.ts, and fails like any test where the browser complains.
 */
const stage = useStage({ empty: true, history: { rows: 50_000, days: 30 } });

const PROVIDERS = '/api/admin/ai-providers';
const LOGS = '/api/admin/ai-stats/logs';
/** A key that answers like a quick model: its first word after a while, then word by word. */
const usual = (name: string) => `sk-sim-latency-280-rate-40-${name}`;
/** One whose credit turns out to be spent, and one that the provider refuses. */
const [spent, refused] = ['sk-sim-error-openai-429-quota-one', 'sk-sim-error-401-four'];

interface Provider {
  id: number;
  providerCode: string;
  protocol: string;
}

interface Key {
  id: number;
  keyName: string;
}

interface Call {
  requestId: string;
}

/** Where the pictures lead to. */
let auroraId: number;
let bestId: number;
let requestId: string;

beforeAll(async () => {
  auroraId = await revive('aurora', [spent, usual('two'), usual('three'), refused, usual('spare')]);
  await revive('boreal', [usual('four'), usual('five')]);
  await revive('cobalt', [usual('six')]);
  const target = (providerCode: string, modelCode: string, weight = 0) => ({ providerCode, modelCode, weight });
  await route('fast', 'Short answers, cheap', [target('aurora', 'aurora-5-mini', 3), target('cobalt', 'cobalt-flash-3', 1), target('boreal', 'boreal-small-4')]);
  bestId = await route('best', 'Whatever it costs', [target('aurora', 'aurora-5', 4), target('boreal', 'boreal-large-5', 1), target('cobalt', 'cobalt-pro-3')], ['failure', 'context_too_long']);
  await route('reasoning', 'Thinks before it answers', [target('aurora', 'aurora-think-2'), target('cobalt', 'cobalt-think-3')]);
  await say('fast', 12);
  requestId = await saved();
}, 300_000);

/** The call of the picture: its first key had run dry, and another one took it. */
async function saved(): Promise<string> {
  const keys = await stage.admin.get<Key[]>(`${PROVIDERS}/${auroraId}/keys`);
  const failedKeyId = keys.find((each) => each.keyName === 'aurora-1')?.id;
  for (;;) {
    const { logs } = await stage.admin.get<{ logs: Call[] }>(`${LOGS}?failedKeyId=${failedKeyId}&requestedModel=fast&pageSize=1`);
    if (logs[0]) return logs[0].requestId;
    await sleep(200);
  }
}

/** Lets a provider of the history answer: it is at the simulator, and its first keys have these secrets. */
async function revive(code: string, secrets: string[]): Promise<number> {
  const found = (await stage.admin.get<Provider[]>(PROVIDERS)).find((each) => each.providerCode === code);
  if (!found) throw new Error(`the history has no provider ${code}`);
  const version = found.protocol === 'gemini' ? 'v1beta' : 'v1';
  await stage.admin.put(`${PROVIDERS}/${found.id}`, { baseUrl: `${stage.server.simulatorUrl}/${version}`, isActive: true });
  const keys = await stage.admin.get<Key[]>(`${PROVIDERS}/${found.id}/keys`);
  for (const [place, apiKey] of secrets.entries()) {
    const key = keys.find((each) => each.keyName === `${code}-${place + 1}`);
    const limits = { rateLimitRpm: 60, rateLimitTpm: 2_000, rateLimitRpd: 500 };
    await stage.admin.put(`${PROVIDERS}/keys/${key?.id}`, { apiKey, isActive: true, priority: place === 4 ? 10 : 100, ...limits });
    if (apiKey !== spent) await stage.admin.post(`${PROVIDERS}/keys/${key?.id}/validate`);
  }
  return found.id;
}

async function route(alias: string, description: string, targets: object[], fallbackOn = ['failure']): Promise<number> {
  const made = await stage.admin.post<{ id: number }>('/api/admin/ai-routes', { alias, description, targets, fallbackOn });
  return made.id;
}

/** Asks a model, so many times at once. */
async function say(model: string, times: number) {
  const messages = [{ role: 'user', content: 'Summarise the ticket in one sentence.' }];
  await Promise.all(Array.from({ length: times }, () => stage.admin.post('/api/ai/chat/completions', { model, messages })));
}

/** `docs/images/<name>.png`; the Chinese one has its language in its name. */
async function picture(page: Page, name: string, language: 'en' | 'zh-CN') {
  await page.evaluate(() => document.fonts.ready);
  await shot(page, language === 'en' ? name : `${name}.${language}`, pictures);
}

inBothLanguages((language) => {
  it('the dashboard', async () => {
    const page = await stage.open('/dashboard?range=7d&compare=1&still=1', { language });
    await page.locator('.tile-value').first().waitFor();
    await page.locator('.chart-canvas canvas').nth(4).waitFor();
    await picture(page, 'dashboard', language);
  });

  it('a call', async () => {
    const page = await stage.open(`/logs/${requestId}`, { language });
    await page.getByTestId('attempt').nth(1).waitFor();
    await page.getByTestId('cost').first().waitFor();
    await picture(page, 'call', language);
  });

  it('the keys of a provider', async () => {
    await say('aurora/aurora-5-mini', 40);
    const page = await stage.open(`/providers/${auroraId}/keys`, { language });
    await page.getByRole('row').filter({ hasText: 'aurora-5' }).waitFor();
    await picture(page, 'keys', language);
  });

  it('a route', async () => {
    const page = await stage.open(`/routes?route=${bestId}`, { language });
    await page.locator('.outlook li').nth(2).waitFor();
    await picture(page, 'route', language);
  });

  it('the playground', async () => {
    const { playground } = wordsOf(language);
    const page = await stage.open('/playground?model=fast&with=best', { language });
    await page.getByRole('textbox', { name: playground.message, exact: true }).fill(playground.examples.explain);
    await page.keyboard.press('Enter');
    await page.locator('.answer[data-state=done]').nth(1).waitFor();
    // Of each answer its key and its call, which are known when it is on record.
    await page.locator('.facts a').nth(3).waitFor();
    await picture(page, 'playground', language);
  });

  it('the spend report', async () => {
    const page = await stage.open('/dashboard?view=spend&range=7d', { language });
    await page.locator('.spend-root').first().waitFor();
    await picture(page, 'spend', language);
  });
});

it('the reference of the API', async () => {
  const page = await stage.open('/api/docs', { as: null });
  await page.getByText('/v1/chat/completions', { exact: true }).first().waitFor();
  await picture(page, 'api-docs', 'en');
});
