import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { fill, inBothLanguages, lookAt, textOf, useStage, wordsOf } from './harness';

const stage = useStage({ history: { rows: 4000, days: 75 } });

/** Waits until figures and charts are there. */
async function shown(page: Page) {
  await page.locator('.tile-value').first().waitFor();
  await page.locator('.chart-canvas canvas').nth(4).waitFor();
}

/** The tile of that name, and no other that has it in its own. */
const tileOf = (page: Page, label: string) => page.locator('.tile', { has: page.getByText(label, { exact: true }) });

/** What a tile says. */
async function tile(page: Page, label: string): Promise<string> {
  return tileOf(page, label).locator('.tile-value').innerText();
}

inBothLanguages((language, words) => {
  const { dashboard, components } = words;

  it('shows at the home address how it goes: figures, trends, who and what, errors, live calls', async () => {
    const page = await stage.open('/?range=30d', { language });
    await shown(page);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(dashboard.title);
    expect(await page.locator('.tile').count()).toBe(7);
    for (const title of [dashboard.trend.cost, dashboard.trend.latency, dashboard.trend.tokens]) {
      await page.getByRole('figure', { name: title, exact: true }).waitFor();
    }
    for (const title of [dashboard.errors.byCode, dashboard.errors.byKey, dashboard.spenders.app, dashboard.live.title]) {
      await page.getByRole('region', { name: title }).waitFor();
    }
    await page.getByRole('status').filter({ hasText: dashboard.attention.well }).waitFor();
  });

  it('breaks usage down as asked, and narrows the page to a row', async () => {
    const page = await stage.open('/dashboard?range=30d&compare=1', { language });
    await shown(page);
    const before = await tile(page, dashboard.tile.requests);
    await page.getByRole('radiogroup', { name: dashboard.members.by }).getByText(components.dimension.model, { exact: true }).click();
    await page.waitForURL(/by=model/);
    const table = page.getByRole('region', { name: dashboard.members.title });
    await table.getByRole('button', { name: fill(dashboard.members.narrow, { name: '' }).trim() }).first().click();
    await page.waitForURL(/model=/);
    await expect.poll(() => page.locator('[data-stale=true]').count()).toBe(0);
    await expect.poll(() => tile(page, dashboard.tile.requests)).not.toBe(before);
    await page.getByRole('button', { name: components.clearFilters }).click();
    await expect.poll(() => tile(page, dashboard.tile.requests)).toBe(before);
  });

  it('tells who spent what last month against the month before, as a file too', async () => {
    const page = await stage.open('/dashboard?view=spend&tz=UTC', { language });
    const table = page.getByRole('table').first();
    await table.locator('.spend-root').first().waitFor();
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: components.chart.csv }).click()]);
    const lines = (await textOf(file)).replace('\uFEFF', '').trim().split('\r\n');
    expect(lines[0]?.startsWith(`${components.dimension.app},${components.dimension.model},${dashboard.spend.file.requests}`)).toBe(true);
    const requests = lines.slice(1).reduce((sum, line) => sum + Number(line.split(',')[2]), 0);
    const { startDate, endDate } = lastMonth();
    const usage = await stage.admin.get<{ totalRequests: number }[]>(`/api/admin/ai-stats/usage?groupBy=month&tz=UTC&startDate=${startDate}&endDate=${endDate}`);
    expect(requests).toBe(usage.reduce((sum, row) => sum + row.totalRequests, 0));
    expect(lines.length).toBeGreaterThan(10);
  });
});

function lastMonth() {
  const now = new Date();
  const day = (at: number) => new Date(at).toISOString().slice(0, 10);
  return {
    startDate: day(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - 1, 1)),
    endDate: day(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), 0)),
  };
}

const { dashboard, components } = wordsOf('en');

it('looks right in both languages and themes, wide and on a phone', async () => {
  await lookAt(stage, 'dashboard', '/dashboard?range=30d&compare=1', shown);
});

it('has a spend report that looks right, too', async () => {
  await lookAt(stage, 'spend', '/dashboard?view=spend', (page) => page.locator('.spend-root').first().waitFor());
});

it('opens the calls behind a tile, in the same time', async () => {
  const page = await stage.open('/dashboard?range=90d&tz=UTC');
  await shown(page);
  await tileOf(page, dashboard.tile.errors).click();
  await page.waitForURL(/\/logs\?.*status=error/);
  expect(page.url()).toContain('range=90d');
});

it('shows a call when it ends, and holds them while paused', async () => {
  const page = await stage.open('/dashboard');
  const panel = page.getByRole('region', { name: dashboard.live.title });
  await panel.getByText(dashboard.live.on, { exact: true }).waitFor();
  await stage.admin.post('/api/ai/chat/completions', { model: 'openai/sim-chat', messages: [{ role: 'user', content: 'Hi' }] });
  await panel.getByText('sim-chat').first().waitFor();
  await panel.getByRole('button', { name: dashboard.live.pause }).click();
  await stage.admin.post('/api/ai/chat/completions', { model: 'openai/sim-chat', messages: [{ role: 'user', content: 'Hi again' }] });
  await panel.getByText(fill(dashboard.live.held, { count: 1 })).waitFor();
  await panel.getByRole('button', { name: dashboard.live.resume }).click();
  await panel.locator('tbody tr', { hasText: 'sim-chat' }).nth(1).waitFor();
});

it('has a key that ran dry first, with the way to mend it', async () => {
  const key = await stage.admin.post<{ id: number }>(`/api/admin/ai-providers/${stage.providerId}/keys`, { keyName: 'dry', apiKey: 'sk-sim-error-401' });
  await stage.admin.post(`/api/admin/ai-providers/keys/${key.id}/validate`);
  for (const as of ['admin', 'analyst'] as const) {
    const page = await stage.open('/dashboard', { as });
    const line = page.locator('.trouble', { hasText: 'openai / dry' });
    await line.waitFor();
    expect(await line.locator('[data-state]').getAttribute('data-state')).toBe('invalid');
    await line.getByText(as === 'admin' ? dashboard.attention.mend : dashboard.attention.see, { exact: true }).click();
    await page.waitForURL(new RegExp(`/providers/${stage.providerId}/keys\\?key=${key.id}`));
  }
  await stage.admin.delete(`/api/admin/ai-providers/keys/${key.id}`);
});

it('says what failed, and tries again', async () => {
  const page = await stage.open('/alerts', { allow: [{ status: 504, path: '/api/admin/ai-stats/dashboard' }] });
  let isSlow = true;
  await page.route('**/api/admin/ai-stats/dashboard?*', (route) =>
    isSlow
      ? route.fulfill({ status: 504, json: { code: 504, message: 'the report takes too long', error: { type: 'report_timeout', requestId: 'req-1' } } })
      : route.continue(),
  );
  // A page that is left while its session is renewed would lose it.
  await page.locator('h1').waitFor();
  await page.goto('/dashboard');
  await page.getByText('req-1').waitFor();
  await page.getByText(components.remedy.slow).waitFor();
  isSlow = false;
  await page.getByRole('button', { name: wordsOf('en').common.retry }).click();
  await shown(page);
});

it('is not for apps', async () => {
  const page = await stage.open('/', { as: 'app' });
  await page.waitForURL(/\/playground/);
  await page.goto('/dashboard');
  await page.getByText(wordsOf('en').shell.forbidden.title).waitFor();
});
