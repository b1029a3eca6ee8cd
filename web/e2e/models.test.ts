import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fill, inBothLanguages, lookAt, useStage } from './harness';

const stage = useStage({ history: { rows: 3000, days: 20 } });

interface Model {
  id: number;
  modelCode: string;
  isActive: boolean;
  isDefault: boolean;
  costPer1kPromptTokens: number | null;
}

const MODELS = '/api/admin/ai-models';
const modelOf = async (code: string) => {
  const found = await stage.admin.get<Model[]>(`${MODELS}?search=${encodeURIComponent(code)}`);
  return found.find(({ modelCode }) => modelCode === code);
};

/** The model of the history with the most calls, which is being retired here. */
let busiest: Model;

beforeAll(async () => {
  const usage = await stage.admin.get<{ key: string; totalRequests: number }[]>('/api/admin/ai-stats/usage?groupBy=model');
  const most = usage.reduce((one, other) => (other.totalRequests > one.totalRequests ? other : one));
  busiest = (await modelOf(most.key)) as Model;
  await stage.admin.put(`${MODELS}/${busiest.id}`, { lifecycle: 'deprecating', shutdownDate: '2030-01-31' });
});

const drawerOf = (page: Page) => page.getByRole('dialog').last();

/** Chooses by keys, as one who knows the name does. */
async function choose(page: Page, field: Locator, text: string) {
  await field.click();
  await page.keyboard.type(text);
  await page.locator('.ant-select-item-option-active').filter({ hasText: text }).waitFor({ state: 'attached' });
  await page.keyboard.press('Enter');
}

/** A click in the menu at the end of the only row. */
async function act(page: Page, menu: string, item: string) {
  await page.getByRole('button', { name: menu, exact: true }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

inBothLanguages((language, words) => {
  const t = words.models;

  it('a model is added, refused twice, edited, made the default, switched off and deleted', async () => {
    const code = `house-${language.toLowerCase()}`;
    const page = await stage.open('/models', { language, allow: [{ status: 409, path: MODELS }, { status: 422, path: MODELS }] });
    await page.getByRole('button', { name: t.add }).click();
    const drawer = drawerOf(page);
    await drawer.getByRole('button', { name: words.common.save }).click();
    await drawer.getByText(words.components.form.required).first().waitFor();
    await choose(page, drawer.locator('#providerId'), 'OpenAI');
    await drawer.locator('#modelCode').fill('sim-chat');
    await drawer.getByRole('button', { name: words.common.save }).click();
    await drawer.getByText(/modelCode|already|exists/i).first().waitFor();
    await drawer.locator('#modelCode').fill(code);
    await drawer.locator('#costPer1kPromptTokens').fill('2.5');
    await drawer.getByRole('button', { name: words.common.save }).click();
    // One of both rates is no price: the server says so beside the field, and what was typed stays.
    await drawer.locator('.form-group .ant-form-item-explain-error').first().waitFor();
    expect(await drawer.locator('#modelCode').inputValue()).toBe(code);
    await drawer.locator('#costPer1kCompletionTokens').fill('10');
    await page.keyboard.press('Control+Enter');
    await drawer.waitFor({ state: 'hidden' });
    expect((await modelOf(code))?.costPer1kPromptTokens).toBe(0.0025);

    await page.getByRole('search').getByRole('searchbox').fill(code);
    await page.waitForURL(`**/models?q=${code}*`);
    await page.getByText('$2.50').waitFor();
    const menu = fill(t.actions.menu, { model: code });
    await act(page, menu, t.actions.edit);
    await drawerOf(page).locator('#modelName').fill('House Model');
    await drawerOf(page).getByRole('button', { name: words.common.save }).click();
    await page.getByText('House Model').waitFor();
    await act(page, menu, t.actions.makeDefault);
    await page.getByText(t.tags.default, { exact: true }).waitFor();
    expect((await modelOf(code))?.isDefault).toBe(true);

    await page.getByRole('switch', { name: code }).click();
    const off = page.getByRole('dialog', { name: fill(t.confirm.offTitle, { model: code }) });
    await off.getByText(t.uses.defaultShort).waitFor();
    await off.getByRole('button', { name: t.actions.off }).click();
    await page.locator(`[role=switch][aria-label="${code}"][aria-checked=false]`).waitFor();
    await act(page, menu, t.actions.delete);
    await page.getByRole('dialog', { name: fill(t.confirm.deleteTitle, { model: code }) }).getByRole('button', { name: t.actions.delete }).click();
    await page.getByText(words.components.nothingMatches).waitFor();
    expect(await modelOf(code)).toBeUndefined();
  });

  it('a new price from a past date says which calls a reprice would touch, and they are priced again', async () => {
    const page = await stage.open(`/models/${busiest.id}`, { language });
    await page.getByRole('button', { name: t.prices.new }).click();
    const drawer = drawerOf(page);
    const day = language === 'en' ? '2026-11-15' : '2026-11-16';
    await drawer.locator('#validFrom').fill(`${day} 00:00:00`);
    await page.keyboard.press('Enter');
    await drawer.locator('#costPer1kPromptTokens').fill('0.07');
    await drawer.locator('#costPer1kCompletionTokens').fill('0.7');
    await drawer.getByText(t.reprice.notYet).waitFor();
    await drawer.getByRole('button', { name: t.newPrice.submit }).click();
    await drawer.waitFor({ state: 'hidden' });
    await page.getByText('$0.07', { exact: true }).first().waitFor();

    await page.getByRole('button', { name: t.reprice.action }).click();
    const dialog = page.getByRole('dialog', { name: fill(t.reprice.dialog, { model: busiest.modelCode }) });
    await dialog.getByText(t.reprice.cost.split('{{')[0] as string).waitFor();
    await dialog.getByRole('button', { name: t.reprice.run }).click();
    await dialog.waitFor({ state: 'hidden' });
    const log = await stage.admin.get<{ entries: unknown[] }>('/api/admin/audit-logs?action=reprice&resource=model');
    expect(log.entries.length).toBeGreaterThan(0);
  });

  it('an analyst reads models and prices and changes nothing', async () => {
    const page = await stage.open(`/models?q=${busiest.modelCode}`, { language, as: 'analyst' });
    await page.getByRole('link', { name: busiest.modelCode, exact: true }).click();
    await page.getByRole('heading', { name: t.prices.title }).waitFor();
    expect(await page.getByRole('button', { name: t.prices.new }).count()).toBe(0);
    expect(await page.getByRole('switch').count()).toBe(0);
    await page.getByRole('link', { name: t.detail.back }).click();
    await page.getByRole('table').first().waitFor();
    expect(await page.getByRole('button', { name: t.add }).count()).toBe(0);
    expect(await page.locator('.ant-table-selection-column').count()).toBe(0);
  });
});

describe('the list of models', () => {
  it('warns of a retiring model that is in use, and shows the likes of it', async () => {
    const page = await stage.open('/models');
    const warning = page.getByRole('alert').filter({ hasText: busiest.modelCode });
    await warning.getByText('01/31/2030').waitFor();
    await warning.getByRole('button', { name: 'Show retiring models' }).click();
    await page.waitForURL(/mark=inUse/);
    await page.getByRole('link', { name: busiest.modelCode, exact: true }).waitFor();
  });

  it('keeps filters, order and page in the address', async () => {
    const page = await stage.open('/models?provider=1&lifecycle=deprecating&sort=prompt&down=1');
    await page.getByRole('table').first().waitFor();
    const codes = await page.locator('.model-name a').allTextContents();
    expect(codes.length).toBeGreaterThan(1);
    const models = await stage.admin.get<Model[]>(`${MODELS}?providerId=1&lifecycle=deprecating`);
    const expected = models.sort((a, b) => (b.costPer1kPromptTokens ?? -1) - (a.costPer1kPromptTokens ?? -1));
    expect(codes[0]).toBe(expected[0]?.modelCode);
    await page.getByRole('button', { name: 'Clear filters' }).click();
    await page.waitForURL((url) => !url.search.includes('lifecycle'));
  });

  it('switches several models off and on', async () => {
    const page = await stage.open('/models?q=gpt-4.1');
    await page.getByRole('checkbox', { name: 'Select all' }).check();
    await page.getByRole('toolbar').getByRole('button', { name: 'Switch off' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
    await page.getByText(/\d+ models changed/).waitFor();
    expect((await modelOf('gpt-4.1'))?.isActive).toBe(false);
    await page.getByRole('checkbox', { name: 'Select all' }).check();
    await page.getByRole('toolbar').getByRole('button', { name: 'Switch on' }).click();
    await page.locator('[role=switch][aria-checked=false]').first().waitFor({ state: 'detached' });
    expect((await modelOf('gpt-4.1'))?.isActive).toBe(true);
  });

  it('says what to do when a model is not there, with the request id', async () => {
    const page = await stage.open('/models/999999', { allow: [{ status: 404, path: `${MODELS}/999999` }] });
    await page.getByText('there is no such model').waitFor();
    await page.getByRole('button', { name: 'Copy request id' }).waitFor();
    await page.getByRole('button', { name: 'Retry' }).waitFor();
  });
});

describe('looks', () => {
  it('of the list', () => lookAt(stage, 'models', '/models', (page) => page.getByRole('table').first().waitFor()));
  it('of one model', () =>
    lookAt(stage, 'model', `/models/${busiest.id}`, (page) => page.locator('.versions li').first().waitFor()));
  it('of the form', () =>
    lookAt(stage, 'model-edit', `/models/${busiest.id}?open=edit`, (page) => page.locator('#modelCode').waitFor()));
});
