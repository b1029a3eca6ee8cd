import type { Locator, Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fill, inBothLanguages, lookAt, useStage } from './harness';

const stage = useStage();

interface Route {
  id: number;
  alias: string;
  targets: { providerCode: string; modelCode: string; weight: number }[];
  isActive: boolean;
}

const ROUTES = '/api/admin/ai-routes';
const routes = () => stage.admin.get<Route[]>(ROUTES);
const named = async (alias: string) => (await routes()).find((route) => route.alias === alias);
const target = (modelCode: string, weight = 0, providerCode = 'openai') => ({ providerCode, modelCode, weight });

/** A route to read: its second target has no key. */
let best: Route;

beforeAll(async () => {
  const targets = [target('sim-chat', 3), target('claude-opus-4-6', 0, 'anthropic'), target('gpt-4o', 1)];
  best = await stage.admin.post<Route>(ROUTES, { alias: 'best', description: 'The best there is', targets });
});

async function choose(page: Page, field: Locator, text: string) {
  await field.click();
  await page.keyboard.type(text);
  await page.locator('.ant-select-item-option-active').filter({ hasText: text }).waitFor({ state: 'attached' });
  await page.keyboard.press('Enter');
}

const codes = (drawer: Locator) =>
  drawer.locator('.target').evaluateAll((rows) => rows.map((row) => row.querySelectorAll('input')[1]?.value));

inBothLanguages((language, words) => {
  const t = words.routes;

  it('a route is added, refused, tried out, moved by keys, edited, switched off and deleted', async () => {
    const alias = `fast-${language.toLowerCase()}`;
    const page = await stage.open('/routes', { language, allow: [{ status: 409, path: ROUTES }] });
    await page.getByRole('button', { name: t.add }).click();
    const drawer = page.getByRole('dialog');
    await drawer.getByRole('button', { name: words.common.save }).click();
    await drawer.getByText(words.components.form.required).first().waitFor();
    await drawer.locator('#alias').fill('best');
    await choose(page, drawer.locator('#targets_0_providerCode'), 'OpenAI');
    await drawer.locator('#targets_0_modelCode').fill('sim-chat');
    await drawer.getByRole('button', { name: t.edit.addTarget }).click();
    await choose(page, drawer.locator('#targets_1_providerCode'), 'Anthropic');
    await drawer.locator('#targets_1_modelCode').fill('house-model');
    await drawer.getByText(t.edit.notListed).waitFor();
    await drawer.getByText(words.routes.outlook.noKeys).waitFor();
    await drawer.getByText(fill(t.outlook.nextKey, { key: 'main' })).waitFor();

    await drawer.getByRole('button', { name: t.test.run }).click();
    await drawer.getByText(fill(t.test.answered, { place: 1, target: 'openai/sim-chat' })).waitFor();
    await drawer.getByText(t.test.failed, { exact: true }).waitFor();

    await drawer.getByRole('button', { name: words.common.save }).click();
    await drawer.locator('.ant-form-item-explain-error, .form-failure').first().waitFor();
    await drawer.locator('#alias').fill(alias);
    const handle = drawer.locator('.target-handle').first();
    await handle.focus();
    await page.keyboard.press('Space');
    const told = page.locator('[id^=DndLiveRegion]');
    const moved = (key: string, place: number) => told.filter({ hasText: fill(key, { target: 'openai/sim-chat', place, count: 2 }) }).waitFor({ state: 'attached' });
    await moved(t.drag.over, 1);
    await page.keyboard.press('ArrowDown');
    await moved(t.drag.over, 2);
    await page.keyboard.press('Space');
    await expect.poll(() => codes(drawer)).toEqual(['house-model', 'sim-chat']);
    await drawer.getByRole('button', { name: new RegExp(`^${t.edit.up}`) }).last().click();
    await expect.poll(() => codes(drawer)).toEqual(['sim-chat', 'house-model']);
    await drawer.getByRole('button', { name: words.common.save }).click();
    await drawer.waitFor({ state: 'hidden' });
    expect((await named(alias))?.targets.map((each) => each.modelCode)).toEqual(['sim-chat', 'house-model']);

    await page.getByRole('button', { name: alias, exact: true }).click();
    await page.getByRole('dialog').locator('#targets_1_weight').fill('2');
    await page.keyboard.press('Control+Enter');
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
    expect((await named(alias))?.targets[1]?.weight).toBe(2);

    await page.getByRole('switch', { name: alias }).click();
    await page.getByRole('dialog', { name: fill(t.confirm.offTitle, { alias }) }).getByRole('button', { name: t.actions.off }).click();
    await page.locator(`[role=switch][aria-label="${alias}"][aria-checked=false]`).waitFor();
    await page.getByRole('button', { name: fill(t.actions.menu, { alias }), exact: true }).click();
    await page.getByRole('menuitem', { name: t.actions.delete }).click();
    const question = page.getByRole('dialog', { name: fill(t.confirm.deleteTitle, { alias }) });
    await question.getByText(t.confirm.noCalls).waitFor();
    await question.getByRole('button', { name: t.actions.delete }).click();
    await expect.poll(() => named(alias)).toBeUndefined();
  });

  it('an analyst sees where the next call would go, and changes nothing', async () => {
    const page = await stage.open(`/routes?route=${best.id}`, { language, as: 'analyst' });
    const drawer = page.getByRole('dialog');
    await drawer.getByText(fill(t.outlook.nextKey, { key: 'main' })).first().waitFor();
    await drawer.getByText(fill(t.edit.share, { share: '75 %' })).waitFor();
    expect(await drawer.getByRole('button', { name: words.common.save }).count()).toBe(0);
    expect(await page.getByRole('switch').count()).toBe(0);
  });
});

describe('the list of routes', () => {
  it('asks before unsaved work goes, and keeps it', async () => {
    const page = await stage.open(`/routes?route=${best.id}`);
    await page.locator('#description').fill('Something else');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Go on editing' }).click();
    expect(await page.locator('#description').inputValue()).toBe('Something else');
    expect((await named('best'))?.isActive).toBe(true);
  });

  it('says that a route is gone', async () => {
    const page = await stage.open('/routes?route=999999');
    await page.getByText('This route is no longer there.').waitFor();
    await page.waitForURL((url) => !url.search.includes('route='));
  });
});

describe('looks', () => {
  it('of the list', () => lookAt(stage, 'routes', '/routes', (page) => page.getByRole('table').first().waitFor()));
  it('of one route', () =>
    lookAt(stage, 'route', `/routes?route=${best.id}`, (page) => page.locator('.outlook li').first().waitFor()));
});
