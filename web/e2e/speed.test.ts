import { mkdirSync, writeFileSync } from 'node:fs';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { useStage, wordsOf } from './harness';
import { screenshots } from './places';
import { answered, opened, type Took } from './speed/stopwatch';

/** How long the pages take over a long past: nothing is asserted of times, they are told. docs/performance.md has them. */
const ROWS = Number(process.env.HISTORY_ROWS ?? 3000);
const DAYS = 90;
/** A past that is folded as quickly as it is asked. */
const SMALL = 20_000;
/** The median of three, where it is about the times. */
const ROUNDS = ROWS > SMALL ? 3 : 1;
const DATABASE_URL = process.env.HISTORY_DATABASE_URL;
const secrets = { JWT_SECRET: 's'.repeat(40), API_KEY_ENCRYPTION_KEY: 'a'.repeat(64) };

const stage = useStage({
  history: { rows: ROWS, days: DAYS },
  ...(DATABASE_URL ? { env: { DATABASE_URL, ...secrets } } : {}),
});
const { logs, components } = wordsOf('en');
const LIST = '/api/admin/ai-stats/logs';
const LONG_MS = 300_000;

const times = new Map<string, Took[]>();
const tell = (name: string, took: Took) => times.set(name, [...(times.get(name) ?? []), took]);

/** The busiest of its kind in the past. */
let busiest: Record<'model' | 'app' | 'user', string>;
/** What some call of the past says of itself. */
let sample: { requestId: string; endUser: string; requestedModel: string; errorCode: string };

/** Waits until no hour of the past is left to be folded: before that, reports read the records themselves. */
async function folded() {
  type Job = { name: string; lastResult: string | null };
  const isDone = ({ lastResult }: Job) => lastResult !== null && !lastResult.includes('the others follow');
  for (;;) {
    const { jobs } = await stage.admin.get<{ jobs: Job[] }>('/api/status/status');
    if (jobs.filter(({ name }) => name === 'fold-dirty-hours').every(isDone)) return;
    await new Promise((resolve) => setTimeout(resolve, 2000));
  }
}

beforeAll(async () => {
  if (ROWS > SMALL) await folded();
  const by = async (kind: string) => {
    const rows = await stage.admin.get<{ key: string | null; totalRequests: number }[]>(`/api/admin/ai-stats/usage?groupBy=${kind}`);
    const [most] = rows.filter((row) => row.key !== null).sort((one, other) => other.totalRequests - one.totalRequests);
    return String(most?.key);
  };
  busiest = { model: await by('model'), app: await by('app'), user: await by('user') };
  type Call = { requestId: string; endUser?: string | null; requestedModel?: string | null; errorCode?: string | null };
  const { logs: failed } = await stage.admin.get<{ logs: Call[] }>(`${LIST}?status=error&pageSize=50`);
  const { logs: calls } = await stage.admin.get<{ logs: Call[] }>(`${LIST}?pageSize=100`);
  const all = [...failed, ...calls];
  sample = {
    requestId: all[0]?.requestId ?? '',
    endUser: all.find((call) => call.endUser)?.endUser ?? '',
    requestedModel: all.find((call) => call.requestedModel)?.requestedModel ?? '',
    errorCode: failed.find((call) => call.errorCode)?.errorCode ?? '',
  };
}, LONG_MS + 3 * ROWS);

afterAll(() => {
  const median = (values: number[]) => Math.round([...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0);
  const lines = [...times].map(([name, took]) => `| ${name} | ${median(took.map((each) => each.shown))} | ${median(took.map((each) => each.request))} |`);
  const text = [`| ${ROWS.toLocaleString('en')} rows, ${DAYS} days | shown, ms | slowest request, ms |`, '| --- | --- | --- |', ...lines].join('\n');
  mkdirSync(screenshots, { recursive: true });
  writeFileSync(`${screenshots}speed.md`, `${text}\n`);
  console.log(text);
});

const tiles = '.tile-value';
const calls = '[data-testid=calls] [data-request]';

it('opens its pages', async () => {
  const page = await stage.open('/status');
  const pages: [name: string, path: string, shown: string][] = [
    ['dashboard, 7 days', '/dashboard', tiles],
    ['dashboard, 90 days, compared', '/dashboard?range=90d&compare=1', tiles],
    ['dashboard, 90 days, one app', `/dashboard?range=90d&appId=${busiest.app}`, tiles],
    ['spend report, last month', '/dashboard?view=spend', '.spend-root'],
    ['calls, 7 days', '/logs', calls],
    ['calls, 90 days', '/logs?range=90d', calls],
    ['one call', `/logs/${sample.requestId}`, '[data-testid=attempt]'],
    ['errors, 7 days', '/errors', 'main table'],
    ['errors, 90 days', '/errors?range=90d', 'main table'],
    ['errors, 90 days, one model', `/errors?range=90d&model=${encodeURIComponent(busiest.model)}`, 'main table'],
    ['errors, 90 days, one app', `/errors?range=90d&appId=${busiest.app}`, 'main table'],
    ['errors, 90 days, one user', `/errors?range=90d&userId=${busiest.user}`, 'main table'],
    ['models', '/models', 'main table tbody tr[data-row-key]'],
    ['alerts', '/alerts', 'main h1'],
  ];
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, path, shown] of pages) tell(name, await opened(page, path, shown));
  }
  expect(times.size).toBe(pages.length);
}, LONG_MS);

/** Opens a list of choices, and takes the one at `place`. */
async function choose(page: Page, label: string, place = 0) {
  await page.getByRole('combobox', { name: label, exact: true }).click();
  await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden) .ant-select-item-option').nth(place).click();
}

async function type(page: Page, label: string, text: string) {
  await page.getByRole('textbox', { name: label, exact: true }).click();
  await page.keyboard.insertText(text.slice(0, -1));
  await page.keyboard.type(text.slice(-1));
}

it('answers each filter of the calls', async () => {
  const { filter } = logs;
  const filters: [name: string, act: (page: Page) => Promise<void>][] = [
    ['result', (page) => choose(page, filter.status, 1)],
    // The first one is the simulator's, which has no call.
    ['provider', (page) => choose(page, components.select.provider, 1)],
    ['key', (page) => choose(page, filter.key)],
    ['model', (page) => choose(page, filter.model)],
    ['app', (page) => choose(page, filter.app)],
    ['user', (page) => choose(page, filter.user)],
    ['end user', (page) => type(page, filter.endUser, sample.endUser)],
    ['route or name asked', (page) => type(page, filter.requestedModel, sample.requestedModel)],
    ['error code', (page) => type(page, filter.errorCode, sample.errorCode)],
    ['unpriced', (page) => page.getByRole('checkbox', { name: filter.unpriced }).click()],
    ['range', (page) => choose(page, components.range.label, 3)],
  ];
  const shown = 'main [data-testid=calls], main .empty-state';
  const page = await stage.open('/status');
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const [name, act] of filters) {
      await opened(page, '/logs?range=90d', calls);
      tell(`calls: ${name}`, await answered(page, LIST, shown, () => act(page)));
      if (name === 'result' || name === 'range' || ROWS <= SMALL) continue;
      tell(`calls: ${name}, then result`, await answered(page, LIST, shown, () => choose(page, filter.status)));
    }
  }
  expect(times.size).toBeGreaterThanOrEqual(filters.length);
}, LONG_MS);
