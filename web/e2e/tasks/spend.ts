import { expect } from 'vitest';
import { textOf, type Stage, type wordsOf } from '../harness';
import type { Hand } from './hand';

/** Task 4: who spent what last month, by app and model, compared with the month before? One page, exported. */
export async function spend(hand: Hand, stage: Stage, words: ReturnType<typeof wordsOf>): Promise<void> {
  const { page } = hand;
  const { dashboard, components } = words;
  await hand.click(page.getByText(dashboard.views.spend, { exact: true }));
  const table = page.getByRole('table', { name: dashboard.spend.title }).or(page.getByRole('table').first()).first();
  await hand.see(table.locator('.spend-root').first());
  await hand.see(page.getByText(dashboard.spend.against.split('{{')[0]?.trim() ?? '').first());
  const download = page.waitForEvent('download');
  await hand.click(page.getByRole('button', { name: components.chart.csv }));
  const file = await download;

  const [head, ...lines] = (await textOf(file)).replace('\uFEFF', '').trim().split('\r\n').map((line) => line.split(','));
  const sumOf = (name: string) => {
    const place = head?.indexOf(name) ?? -1;
    expect(place, name).toBeGreaterThan(1);
    return lines.reduce((sum, cells) => sum + Number(cells[place]), 0);
  };
  expect(head?.slice(0, 2)).toEqual([components.dimension.app, components.dimension.model]);
  const { file: columns } = dashboard.spend;
  const [last, before] = await Promise.all([usageOf(stage, 1), usageOf(stage, 2)]);
  expect(before.cost).toBeGreaterThan(0);
  expect(sumOf(columns.requests)).toBe(last.requests);
  expect(sumOf(columns.requestsBefore)).toBe(before.requests);
  expect(sumOf(columns.cost)).toBeCloseTo(last.cost, 6);
  expect(sumOf(columns.costBefore)).toBeCloseTo(before.cost, 6);
  expect(sumOf(columns.difference)).toBeCloseTo(last.cost - before.cost, 6);
}

/** All usage of a month, so many months ago, by another report of the API. */
async function usageOf(stage: Stage, monthsAgo: number): Promise<{ requests: number; cost: number }> {
  const now = new Date();
  const day = (month: number, date: number) => new Date(Date.UTC(now.getUTCFullYear(), month, date)).toISOString().slice(0, 10);
  const month = now.getUTCMonth() - monthsAgo;
  const query = `groupBy=month&tz=UTC&startDate=${day(month, 1)}&endDate=${day(month + 1, 0)}`;
  const rows = await stage.admin.get<{ totalRequests: number; totalCost: number }[]>(`/api/admin/ai-stats/usage?${query}`);
  return {
    requests: rows.reduce((sum, row) => sum + row.totalRequests, 0),
    cost: rows.reduce((sum, row) => sum + row.totalCost, 0),
  };
}
