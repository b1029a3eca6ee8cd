import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fill, inBothLanguages, lookAt, useStage } from './harness';

const stage = useStage();

interface Token {
  id: number;
  name: string;
  token?: string;
  isActive: boolean;
  budgetUsd: number | null;
  allowedModels: string[];
  lastUsedAt: string | null;
}

const TOKENS = '/api/admin/app-tokens';
const named = async (name: string) => (await stage.admin.get<Token[]>(TOKENS)).find((token) => token.name === name);

async function ask(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const body = JSON.stringify({ model: 'sim-chat', messages: [{ role: 'user', content: 'Hello!' }] });
  return (await fetch(`${stage.url}/v1/chat/completions`, { method: 'POST', headers, body })).status;
}

/** A token that was used. */
let shop: Token;

beforeAll(async () => {
  // A token with a budget calls no model without a price.
  const [model] = await stage.admin.get<{ id: number }[]>('/api/admin/ai-models?search=sim-chat');
  await stage.admin.put(`/api/admin/ai-models/${model?.id}`, { costPer1kPromptTokens: 0.001, costPer1kCompletionTokens: 0.002 });
  shop = await stage.admin.post<Token>(TOKENS, { name: 'shop', rateLimitRpm: 60, allowedModels: ['sim-chat'], expiresAt: '2030-01-31T00:00:00Z' });
  expect(await ask(shop.token as string)).toBe(200);
  while (!(await named('shop'))?.lastUsedAt) await sleep(200);
});

async function act(page: Page, menu: string, item: string) {
  await page.getByRole('button', { name: menu, exact: true }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

inBothLanguages((language, words) => {
  const t = words.tokens;

  it('a token is made, shown once, used, edited, switched off and deleted', async () => {
    const name = `bot-${language.toLowerCase()}`;
    const page = await stage.open('/tokens', { language, allow: [{ status: 422, path: TOKENS }] });
    await page.getByRole('button', { name: t.add }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('button', { name: words.common.create }).click();
    await drawer.getByText(words.components.form.required).first().waitFor();
    await drawer.locator('#name').fill(name);
    await drawer.locator('#budgetUsd').fill('12.5');
    await drawer.locator('#rateLimitRpm').fill('99999999999999');
    await drawer.getByRole('button', { name: words.common.create }).click();
    await drawer.locator('.ant-form-item-explain-error').first().waitFor();
    expect(await drawer.locator('#name').inputValue()).toBe(name);
    await drawer.locator('#rateLimitRpm').fill('60');
    await drawer.getByRole('button', { name: words.common.create }).click();

    const made = page.getByRole('dialog', { name: fill(t.made.title, { name }) });
    const token = (await made.getByTestId('secret').innerText()).trim();
    expect(await ask(token)).toBe(200);
    expect(await made.locator('pre').first().innerText()).toContain(token);
    await made.getByRole('tab', { name: 'Python · OpenAI' }).click();
    await made.getByText('from openai import OpenAI').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: t.made.stay }).click();
    await made.getByRole('button', { name: t.made.stored }).click();
    await page.waitForFunction((secret) => !document.documentElement.innerHTML.includes(secret), token);

    await page.getByRole('search').getByRole('searchbox').fill(name);
    await page.waitForURL(/q=bot/);
    const menu = fill(t.actions.menu, { name });
    await act(page, menu, t.actions.edit);
    await page.getByRole('dialog').locator('#budgetUsd').fill('20');
    await page.getByRole('dialog').getByRole('button', { name: words.common.save }).click();
    await expect.poll(async () => (await named(name))?.budgetUsd).toBe(20);
    await act(page, menu, t.actions.off);
    await page.getByRole('dialog', { name: fill(t.confirm.offTitle, { name }) }).getByRole('button', { name: t.actions.off }).click();
    await expect.poll(async () => (await named(name))?.isActive).toBe(false);
    await page.locator('[data-state=off]').first().waitFor();
    expect(await ask(token)).toBe(401);
    await act(page, menu, t.actions.delete);
    await page.getByRole('dialog', { name: fill(t.confirm.deleteTitle, { name }) }).getByRole('button', { name: t.actions.delete }).click();
    await page.getByText(words.components.nothingMatches).waitFor();
    expect(await named(name)).toBeUndefined();
  });

  it('its drawer tells limits and usage, and deleting says since when it is used', async () => {
    const page = await stage.open(`/tokens?token=${shop.id}`, { language });
    const drawer = page.getByRole('dialog', { name: 'shop' });
    await drawer.getByText(t.limits.rpmName).waitFor();
    await drawer.getByText(t.detail.by, { exact: true }).first().waitFor();
    await drawer.getByRole('button', { name: t.actions.delete }).click();
    const question = page.getByRole('dialog', { name: fill(t.confirm.deleteTitle, { name: 'shop' }) });
    await question.getByText((t.confirm.since.split('{{')[0] as string).trim()).waitFor();
    await question.getByRole('button', { name: words.common.cancel }).click();
    expect(await named('shop')).toBeDefined();
  });

  it('is no page for analysts', async () => {
    const page = await stage.open('/tokens', { language, as: 'analyst' });
    await page.getByText(words.shell.forbidden.title).waitFor();
  });
});

describe('looks', () => {
  it('of the list', () => lookAt(stage, 'tokens', '/tokens', (page) => page.getByRole('table').first().waitFor()));
  it('of one token', () =>
    lookAt(stage, 'token', `/tokens?token=${shop.id}`, (page) => page.locator('.token-charts canvas').first().waitFor()));
  it('of the form', () => lookAt(stage, 'token-edit', '/tokens?edit=new', (page) => page.locator('#name').waitFor()));
});
