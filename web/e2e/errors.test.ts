import type { Page } from 'playwright-core';
import { expect, it } from 'vitest';
import { inBothLanguages, lookAt, useStage, wordsOf } from './harness';

const stage = useStage({ history: { rows: 4000, days: 40 } });

const shown = async (page: Page) => {
  await page.locator('.error-value').first().waitFor();
  await page.locator('.chart-canvas canvas').first().waitFor();
};

inBothLanguages((language, words) => {
  const { errors } = words;

  it('groups what failed by type and by key, each type explained', async () => {
    const page = await stage.open('/errors?range=30d&compare=1', { language });
    await shown(page);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe(errors.title);
    const types = page.getByRole('region', { name: errors.byType });
    await types.getByText('rate_limited', { exact: true }).waitFor();
    await types.getByText(errors.code.rate_limited.what).waitFor();
    await types.getByRole('columnheader', { name: errors.column.change, exact: true }).first().waitFor();
    expect(await page.getByRole('region', { name: errors.byKey }).locator('tbody tr').count()).toBeGreaterThan(3);
  });

  it('leads from a type and from a key to the calls, by click and by Enter', async () => {
    const page = await stage.open('/errors?range=30d', { language });
    await shown(page);
    await page.getByRole('region', { name: errors.byType }).locator('tr', { hasText: 'overloaded' }).click();
    await page.waitForURL(/\/logs\?.*errorCode=overloaded/);
    expect(page.url()).toContain('status=error');
    await page.goBack();
    await shown(page);
    const row = page.getByRole('region', { name: errors.byKey }).locator('tbody tr.opens').first();
    await row.focus();
    await page.keyboard.press('Enter');
    await page.waitForURL(/\/logs\?.*failedKeyId=\d+/);
  });
});

const { errors } = wordsOf('en');

it('looks right in both languages and themes, wide and on a phone', async () => {
  await lookAt(stage, 'errors', '/errors?range=30d&compare=1', shown);
});

it('says so where nothing failed, and is for analysts alone beside admins', async () => {
  const page = await stage.open('/errors?range=2020-01-01..2020-01-02', { as: 'analyst' });
  await page.getByText(errors.none).waitFor();
  const app = await stage.open('/errors', { as: 'app' });
  await app.getByText(wordsOf('en').shell.forbidden.title).waitFor();
});
