import type { Page } from 'playwright-core';
import { beforeAll, describe, expect, it } from 'vitest';
import { fill, inBothLanguages, lookAt, textOf, useStage, wordsOf } from './harness';

const ROWS = 4000;
const stage = useStage({ history: { rows: ROWS, days: 3 } });
const LOGS = '/api/admin/ai-stats/logs';

interface Call {
  requestId: string;
  status: string;
  attempts: number;
  model: string | null;
  costUsd: number | null;
  totalTokens: number;
}

/** Calls as the API lists them. */
async function calls(query: string): Promise<{ logs: Call[]; total: number }> {
  return stage.admin.get(`${LOGS}?${query}`);
}

/** Sends a call through the gateway, and waits until it is on record. */
async function send(model: string): Promise<Call> {
  const { logs: before } = await calls('pageSize=1');
  await stage.admin.post('/api/ai/chat/completions', { model, messages: [{ role: 'user', content: 'Hi' }] }).catch(() => null);
  for (;;) {
    const { logs } = await calls('pageSize=1');
    const newest = logs[0];
    if (newest && newest.requestId !== before[0]?.requestId) return newest;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const rows = (page: Page) => page.locator('[data-testid=calls] [data-request]');
const drawer = (page: Page) => page.locator('.ant-drawer-content-wrapper').last();

async function choose(page: Page, label: string, option: string) {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.locator('.ant-select-item-option', { hasText: option }).first().click();
}

let answered: Call;
let failed: Call;

beforeAll(async () => {
  answered = await send('openai/gpt-4o');
  failed = await send('openai/sim-error-400-context');
});

inBothLanguages((language, words) => {
  const { logs: t, components } = words;

  it('lists calls newest first and narrows them in the address', async () => {
    const page = await stage.open('/logs', { language });
    await rows(page).first().waitFor();
    expect(await rows(page).first().getAttribute('data-request')).toBe(failed.requestId);

    await choose(page, t.filter.status, components.state.success);
    await page.locator(`[data-request="${answered.requestId}"][data-index="0"]`).waitFor();
    expect(new URL(page.url()).searchParams.get('status')).toBe('success');
    await choose(page, t.filter.model, 'gpt-4o');
    await page.waitForURL(/model=/);
    await page.reload();
    await rows(page).first().waitFor();
    const { total } = await calls('status=success&model=gpt-4o');
    await page.getByText(fill(language === 'en' && total === 1 ? t.total_one : t.total_other, { total }), { exact: true }).waitFor();
    for (const row of await rows(page).all()) expect(await row.textContent()).toContain('gpt-4o');

    await page.getByRole('button', { name: components.clearFilters }).click();
    await page.locator(`[data-request="${failed.requestId}"][data-index="0"]`).waitFor();
    expect(new URL(page.url()).search).toBe('');
  });

  it('says what to do where nothing matches', async () => {
    const page = await stage.open('/logs?endUser=nobody-at-all', { language });
    await page.getByText(components.nothingMatches).waitFor();
    await page.getByRole('button', { name: components.clearFilters }).last().click();
    await rows(page).first().waitFor();
  });

  it('opens a call by its pasted id and explains it', async () => {
    const page = await stage.open('/logs', { language });
    await rows(page).first().waitFor();
    await page.getByRole('textbox', { name: t.find.label }).fill(`x-request-id: ${answered.requestId}`);

    await page.waitForURL(`**/logs/${answered.requestId}*`);
    const shown = drawer(page);
    await shown.getByTestId('attempt').waitFor();
    for (const title of [t.call.way, t.call.tokens, t.call.cost]) await shown.getByRole('region', { name: title }).waitFor();
    await shown.getByText(fill(t.why.firstKey, { key: 'main', by: t.strategy.priority })).waitFor();
    await shown.getByText(t.bucket.prompt, { exact: true }).first().waitFor();
    const total = await shown.getByTestId('cost').locator('tfoot td').last().textContent();
    expect(Number(total?.replace('$', ''))).toBe(answered.costUsd);

    await page.keyboard.press('Escape');
    await page.waitForURL((url) => url.pathname === '/logs');
  });

  it('tells why a call failed', async () => {
    const page = await stage.open(`/logs/${failed.requestId}`, { language });
    const shown = drawer(page);
    await shown.getByText(t.failure.context_too_long).first().waitFor();
    await shown.getByText(t.cost.nothing).waitFor();
  });

  it('tells that a call is not on record', async () => {
    const path = `/logs/01890000-0000-7000-8000-000000000000`;
    const page = await stage.open(path, { language, allow: [{ status: 404, path: LOGS }] });
    await drawer(page).getByText(t.call.unknown).waitFor();
  });
});

describe('the list', () => {
  it('scrolls over thousands of calls and draws only those in sight', async () => {
    const page = await stage.open('/logs?range=30d');
    await rows(page).first().waitFor();
    const { total, logs } = await calls('pageSize=1');
    const box = page.getByTestId('calls');
    expect(Number(await box.getAttribute('aria-rowcount'))).toBe(total + 1);

    const last = (await calls(`pageSize=1&page=${total}`)).logs[0];
    await box.evaluate((element) => element.scrollTo(0, element.scrollHeight));
    await page.locator(`[data-request="${last?.requestId}"]`).waitFor();
    expect(await rows(page).count()).toBeLessThan(80);
    await box.evaluate((element) => element.scrollTo(0, 0));
    await page.locator(`[data-request="${logs[0]?.requestId}"]`).waitFor();
  });

  it('is walked and opened by keys', async () => {
    const page = await stage.open('/logs');
    await rows(page).first().waitFor();
    await rows(page).first().focus();
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/logs/${answered.requestId}*`);
    await drawer(page).getByTestId('attempt').waitFor();
    await page.keyboard.press('k');
    await page.waitForURL(`**/logs/${failed.requestId}*`);
    await page.keyboard.press('j');
    await page.waitForURL(`**/logs/${answered.requestId}*`);
  });

  it('opens the call whose id is pasted anywhere', async () => {
    const page = await stage.open('/status');
    await page.getByRole('heading', { level: 1 }).waitFor();
    await page.evaluate((text) => {
      const clipboardData = new DataTransfer();
      clipboardData.setData('text', text);
      document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true }));
    }, `id ${answered.requestId}`);
    await page.waitForURL(`**/logs/${answered.requestId}*`);
  });

  it('shows the columns that were chosen, also next time', async () => {
    const t = wordsOf('en').logs;
    const page = await stage.open('/logs');
    await page.getByRole('columnheader', { name: t.column.cost }).waitFor();
    await page.getByRole('button', { name: t.columns }).click();
    await page.getByRole('checkbox', { name: t.column.cost }).uncheck();
    await page.getByRole('checkbox', { name: t.column.endpoint }).check();
    await page.reload();
    await page.getByRole('columnheader', { name: t.column.endpoint }).waitFor();
    expect(await page.getByRole('columnheader', { name: t.column.cost }).count()).toBe(0);
  });

  it('shows calls as they end', async () => {
    const page = await stage.open('/logs');
    await rows(page).first().waitFor();
    // Answered: what ends from now on is told.
    await Promise.all([page.waitForResponse(/logs\/live/), page.getByRole('switch', { name: wordsOf('en').logs.live.switch }).click()]);
    await page.getByTestId('live').waitFor();
    const call = await send('openai/gpt-4o');
    await page.locator(`[data-request="${call.requestId}"][data-index="0"]`).waitFor();
    answered = call;
  });

  it('tells a failure with its request id, and goes on after another try', async () => {
    const page = await stage.open('/logs', { allow: [{ status: 503, path: LOGS }] });
    await rows(page).first().waitFor();
    const body = { code: 503, message: 'the database is away', error: { type: 'internal', requestId: 'id-of-the-failure' } };
    const isList = (url: URL) => url.pathname === LOGS;
    await page.route(isList, (route) => route.fulfill({ status: 503, json: body }));
    await page.goto('/logs?endUser=somebody');
    await page.getByText('id-of-the-failure').waitFor();
    await page.unroute(isList);
    await page.getByRole('button', { name: wordsOf('en').common.retry }).click();
    await page.getByText(wordsOf('en').components.nothingMatches).waitFor();
  });
});

describe('the export', () => {
  it('writes every attempt into a file, also while one is elsewhere', async () => {
    const t = wordsOf('en').logs.export;
    const page = await stage.open('/logs?range=30d');
    await rows(page).first().waitFor();
    await page.getByRole('button', { name: t.button }).click();
    const [download] = await Promise.all([page.waitForEvent('download'), page.getByRole('button', { name: t.start, exact: true }).click()]);
    await page.getByRole('link', { name: wordsOf('en').status.title }).click();
    const text = await textOf(download);
    await page.getByTestId('export-done').waitFor();

    expect(download.suggestedFilename()).toMatch(/^tollgate-calls-.+\.csv$/);
    expect(text.startsWith('\uFEFFrequestId,attempt,')).toBe(true);
    expect(text).toContain(answered.requestId);
    expect(text.trimEnd().split('\r\n').length).toBeGreaterThan(ROWS);
  });
});

describe('roles', () => {
  it('lets analysts read and keeps apps out', async () => {
    const page = await stage.open('/logs', { as: 'analyst' });
    await rows(page).first().waitFor();
    await rows(page).first().click();
    await drawer(page).getByTestId('attempt').first().waitFor();

    const app = await stage.open('/logs', { as: 'app' });
    await app.getByText(wordsOf('en').shell.forbidden.title).waitFor();
  });
});

describe('looks', () => {
  it('reads well in both languages and themes, wide and on a phone', async () => {
    await lookAt(stage, 'logs', '/logs', (page) => rows(page).first().waitFor());
    await lookAt(stage, 'logs-call', `/logs/${answered.requestId}`, (page) => drawer(page).getByTestId('cost').waitFor());
  });
});
