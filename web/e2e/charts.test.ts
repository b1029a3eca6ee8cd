import { expect, it } from 'vitest';
import { inBothLanguages, textOf, useStage } from './harness';

const stage = useStage({ history: { rows: 2000, days: 10 } });

inBothLanguages((language, words) => {
  const { components, dashboard } = words;
  const open = async () => {
    const page = await stage.open('/dashboard?range=7d&tz=UTC', { language });
    const chart = page.getByRole('figure', { name: dashboard.trend.calls, exact: true });
    await chart.locator('canvas').waitFor();
    return { page, chart };
  };

  it('can be read as a table, whose rows open the calls by keys', async () => {
    const { page, chart } = await open();
    await chart.getByRole('button', { name: components.chart.table }).click();
    const rows = chart.locator('tbody tr.opens');
    expect(await rows.count()).toBe(7);
    await rows.nth(2).focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/logs\?.*range=\d{4}-\d\d-\d\dT/);
  });

  it('can be saved, every figure as it is', async () => {
    const { page, chart } = await open();
    const [file] = await Promise.all([page.waitForEvent('download'), chart.getByRole('button', { name: components.chart.csv }).click()]);
    const lines = (await textOf(file)).replace('\uFEFF', '').trim().split('\r\n');
    expect(lines[0]).toBe([components.interval.day, dashboard.trend.success, dashboard.trend.cancelled, dashboard.trend.error].join(','));
    expect(lines).toHaveLength(8);
    const board = await stage.admin.get<{ summary: { successCount: number } }>('/api/admin/ai-stats/dashboard?days=7&tz=UTC');
    expect(lines.slice(1).reduce((sum, line) => sum + Number(line.split(',')[1]), 0)).toBe(board.summary.successCount);
  });

  it('opens the calls behind a point that is clicked', async () => {
    const { page, chart } = await open();
    const box = await chart.locator('canvas').boundingBox();
    if (!box) throw new Error('the chart is not there');
    await page.mouse.click(box.x + box.width / 2, box.y + box.height * 0.8);
    await page.waitForURL(/\/logs\?.*range=\d{4}-\d\d-\d\dT/);
  });

  it('hides and shows a part by its key', async () => {
    const { chart } = await open();
    const key = chart.getByRole('button', { name: dashboard.trend.error });
    expect(await key.getAttribute('aria-pressed')).toBe('true');
    await key.click();
    expect(await key.getAttribute('aria-pressed')).toBe('false');
  });
});
