import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { fill, inBothLanguages, lookAt, useStage, wordsOf } from './harness';

const stage = useStage({ history: { rows: 400, hours: 20 } });
const en = wordsOf('en');
/** A busy machine takes its time. */
const soon = { timeout: 20_000 };

interface Provider {
  id: number;
  providerCode: string;
  providerName: string;
  isActive: boolean;
  maxRetries: number;
  baseUrl: string;
  quirks: Record<string, unknown>;
}

const list = () => stage.admin.get<Provider[]>('/api/admin/ai-providers');
const find = async (code: string) => (await list()).find((each) => each.providerCode === code);
const card = (page: Page, code: string) => page.locator(`[data-provider="${code}"]`);
const button = (page: Page, name: string) => page.getByRole('button', { name });

async function make(code: string): Promise<Provider> {
  const body = { providerCode: code, providerName: code.toUpperCase(), baseUrl: `${stage.server.simulatorUrl}/v1` };
  return stage.admin.post<Provider>('/api/admin/ai-providers', body);
}

/** Opens the menu of a card and chooses of it. */
async function choose(page: Page, code: string, name: string, item: string, words = en) {
  await card(page, code).getByRole('button', { name: fill(words.providers.card.more, { name }) }).click();
  await page.getByRole('menuitem', { name: item }).click();
}

inBothLanguages((language, words) => {
  const { providers } = words;
  const code = language === 'en' ? 'router-en' : 'router-zh';

  it('adds a provider from a preset, and says beside the fields what is wrong', async () => {
    const page = await stage.open('/providers', { language, allow: [{ status: 409, path: '/api/admin/ai-providers' }] });
    await button(page, providers.add).first().click();
    await page.getByRole('dialog').getByRole('button', { name: providers.add }).click();
    await page.getByText(providers.form.nameNone).waitFor();
    await page.getByText(providers.form.baseUrlNone).waitFor();

    await page.locator('#preset').fill('Azure');
    await page.keyboard.press('Enter');
    await expect.poll(() => page.locator('#providerCode').inputValue(), soon).toMatch(/^azure/);
    await page.getByRole('dialog').getByRole('button', { name: providers.add }).click();
    await page.getByText(providers.form.baseUrlBraces).waitFor();

    await page.locator('#baseUrl').fill(`${stage.server.simulatorUrl}/v1`);
    await page.locator('#providerCode').fill('openai');
    await page.getByRole('dialog').getByRole('button', { name: providers.add }).click();
    // The server's own words stand at the field, and what was typed stays.
    await page.locator('.ant-form-item', { has: page.locator('#providerCode') }).locator('.ant-form-item-explain-error').waitFor();
    expect(await page.locator('#baseUrl').inputValue()).toBe(`${stage.server.simulatorUrl}/v1`);

    await page.locator('#providerCode').fill(code);
    await page.getByRole('dialog').getByRole('button', { name: providers.add }).click();
    await button(page, providers.form.addKeyNow).click();
    await page.locator('#keyName').waitFor();
    const made = await find(code);
    expect(made?.quirks).toMatchObject({ auth: 'api_key' });
    expect(new URL(page.url()).pathname).toBe(`/providers/${made?.id}/keys`);
  });

  it('asks before what was typed is lost', async () => {
    const page = await stage.open('/providers?edit=new', { language });
    await page.locator('#providerName').fill('half');
    await page.keyboard.press('Escape');
    await button(page, words.components.form.stay).click();
    // Escape goes to the question as long as it is there.
    await button(page, words.components.form.stay).waitFor({ state: 'detached' });
    expect(await page.locator('#providerName').inputValue()).toBe('half');
    await page.keyboard.press('Escape');
    await button(page, words.components.form.leave).click();
    await page.locator('#providerName').waitFor({ state: 'detached' });
  });

  it('changes no more than what was changed', async () => {
    const { id, providerName } = await make(`edit-${language.toLowerCase()}`);
    const page = await stage.open(`/providers?edit=${id}`, { language, allow: [{ status: 422, path: '/api/admin/ai-providers' }] });
    await page.locator('#maxRetries').fill('7');
    await page.locator('#defaultParams').fill('{ "model": "x" }');
    await button(page, words.common.save).click();
    const wrong = page.locator('.ant-form-item', { has: page.locator('#defaultParams') }).locator('.ant-form-item-explain-error');
    await expect.poll(() => wrong.textContent(), soon).toContain('model');
    await page.locator('#defaultParams').fill('{ "temperature": 0.3 }');
    await button(page, words.common.save).click();
    await page.getByText(fill(providers.form.saved, { name: providerName })).waitFor();
    const now = await stage.admin.get<Provider & { defaultParams: object }>(`/api/admin/ai-providers/${id}`);
    expect(now).toMatchObject({ maxRetries: 7, defaultParams: { temperature: 0.3 }, providerName });
  });

  it('switches a provider off after a question, and on at once', async () => {
    const made = await make(`off-${language.toLowerCase()}`);
    const page = await stage.open('/providers', { language });
    const toggle = card(page, made.providerCode).getByRole('switch');
    await toggle.click();
    await button(page, providers.off.confirm).click();
    await page.getByText(fill(providers.off.done, { name: made.providerName })).waitFor();
    expect((await find(made.providerCode))?.isActive).toBe(false);
    await toggle.click();
    await page.getByText(fill(providers.off.on, { name: made.providerName })).waitFor();
    expect((await find(made.providerCode))?.isActive).toBe(true);
  });

  it('deletes a provider once its code was typed, naming what goes with it', async () => {
    const made = await make(`gone-${language.toLowerCase()}`);
    await stage.admin.post(`/api/admin/ai-providers/${made.id}/keys`, { keyName: 'one', apiKey: 'sk-one-to-be-wiped' });
    const alias = `to-${made.providerCode}`;
    await stage.admin.post('/api/admin/ai-routes', { alias, targets: [{ providerCode: made.providerCode, modelCode: 'sim-chat' }] });
    const page = await stage.open('/providers', { language });
    await choose(page, made.providerCode, made.providerName, providers.actions.delete, words);
    const dialog = page.getByRole('dialog');
    await dialog.getByText(fill(providers.delete.routes, { names: alias })).waitFor();
    const confirm = dialog.getByRole('button', { name: providers.delete.confirm });
    expect(await confirm.isDisabled()).toBe(true);
    await page.locator('#delete-code').fill(made.providerCode);
    await confirm.click();
    await page.getByText(fill(providers.delete.done, { name: made.providerName })).waitFor();
    expect(await find(made.providerCode)).toBeUndefined();
  });

  it('shows what a sync would change, and changes nothing before it is told to', async () => {
    const made = await make(`sync-${language.toLowerCase()}`);
    await stage.admin.post(`/api/admin/ai-providers/${made.id}/keys`, { keyName: 'one', apiKey: 'sk-sim-fast-one' });
    await stage.admin.post('/api/admin/ai-models', { providerId: made.id, modelCode: 'gone-model' });
    const models = () => stage.admin.get<{ modelCode: string }[]>(`/api/admin/ai-models?providerId=${made.id}`);
    const page = await stage.open('/providers', { language });
    await choose(page, made.providerCode, made.providerName, providers.actions.sync, words);
    await page.getByRole('region', { name: providers.sync.added }).getByText('sim-chat', { exact: true }).waitFor();
    await page.getByRole('region', { name: providers.sync.missing }).getByText('gone-model').waitFor();
    expect(await models()).toHaveLength(1);
    await button(page, providers.sync.apply).click();
    await button(page, providers.sync.toModels).click();
    await page.getByRole('row').filter({ hasText: 'sim-chat' }).first().waitFor();
    expect((await models()).length).toBeGreaterThan(1);
    expect(new URL(page.url()).pathname).toBe(`/providers/${made.id}/models`);
  });

  it('says that a sync needs a key', async () => {
    const made = await make(`bare-${language.toLowerCase()}`);
    const page = await stage.open(`/providers?sync=${made.id}`, { language, allow: [{ status: 503, path: '/api/admin/ai-providers' }] });
    await page.getByText(fill(providers.sync.noKey, { name: made.providerName })).waitFor();
  });
});

describe('the list', () => {
  it('keeps its filters in the address', async () => {
    const page = await stage.open('/providers');
    await page.getByRole('searchbox', { name: en.providers.search }).fill('anthropic');
    await expect.poll(() => new URL(page.url()).searchParams.get('q'), soon).toBe('anthropic');
    await expect.poll(() => page.locator('[data-provider]').count(), soon).toBe(1);
    await page.getByText(en.providers.filter.off, { exact: true }).click();
    await page.getByText(en.providers.empty.none).waitFor();
    await button(page, en.components.clearFilters).click();
    await expect.poll(() => page.locator('[data-provider]').count(), soon).toBeGreaterThan(3);
    expect(await page.getByRole('searchbox', { name: en.providers.search }).inputValue()).toBe('');
  });

  it('tells a provider that is gone from one that cannot be loaded', async () => {
    const page = await stage.open('/providers/999999/keys', { allow: [{ status: 404, path: '/api/admin/ai-providers/999999' }] });
    await page.getByText(en.providers.missing.title).waitFor();
  });

  it('tells a failure with its request id and another try', async () => {
    const page = await stage.open('/models');
    await page.getByRole('heading', { level: 1 }).waitFor();
    stage.allow({ status: 500, path: '/api/admin/ai-providers' });
    const body = { code: 500, message: 'out of order', error: { type: 'internal', requestId: 'req-42' } };
    await page.route('**/api/admin/ai-providers', (route) => route.fulfill({ status: 500, json: body }));
    await page.goto('/providers');
    await page.getByText('req-42').waitFor();
    await page.unroute('**/api/admin/ai-providers');
    await button(page, en.common.retry).click();
    await card(page, 'openai').waitFor();
  });
});

describe('an analyst', () => {
  it('reads, and finds nothing to change', async () => {
    const page = await stage.open('/providers?edit=new', { as: 'analyst' });
    await card(page, 'openai').waitFor();
    expect(await button(page, en.providers.add).count()).toBe(0);
    expect(await page.getByRole('switch').count()).toBe(0);
    expect(await page.locator('#providerName').count()).toBe(0);
    await page.goto(`/providers/${stage.providerId}/settings`);
    await page.getByText(en.providers.form.lbStrategy).waitFor();
    expect(await button(page, en.common.edit).count()).toBe(0);
    await page.goto(`/providers/${stage.providerId}/models`);
    await page.getByRole('row').nth(2).waitFor();
    expect(await page.getByRole('switch').count()).toBe(0);
  });
});

describe('the models of a provider', () => {
  it('are switched, and one is made the default', async () => {
    const page = await stage.open(`/providers/${stage.providerId}/models`);
    await page.getByRole('searchbox', { name: en.providers.models.search }).fill('sim-fast');
    const row = page.getByRole('row').filter({ hasText: 'sim-fast' });
    // The rows move while the list becomes shorter.
    await page.getByRole('row').nth(2).waitFor({ state: 'detached' });
    await row.getByRole('switch').click();
    const model = async () => (await stage.admin.get<{ modelCode: string; isActive: boolean; isDefault: boolean }[]>(`/api/admin/ai-models?providerId=${stage.providerId}`)).find((each) => each.modelCode === 'sim-fast');
    await expect.poll(async () => (await model())?.isActive, soon).toBe(false);
    await row.getByRole('switch').click();
    await expect.poll(async () => (await model())?.isActive, soon).toBe(true);
    await row.getByRole('button', { name: en.providers.models.makeDefault }).click();
    await expect.poll(async () => (await model())?.isDefault, soon).toBe(true);
  });
});

describe('every look', () => {
  it('of the providers', () => lookAt(stage, 'providers', '/providers', (page) => card(page, 'openai').waitFor()));
  it('of the form', () => lookAt(stage, 'provider-form', '/providers?edit=new', (page) => page.locator('#providerName').waitFor()));
  it('of the models', () => lookAt(stage, 'provider-models', `/providers/${stage.providerId}/models`, (page) => page.getByRole('row').nth(2).waitFor()));
  it('of the settings', () => lookAt(stage, 'provider-settings', `/providers/${stage.providerId}/settings`, (page) => page.locator('dl').first().waitFor()));
});
