import { beforeAll, describe, expect, it } from 'vitest';
import { fill, inBothLanguages, lookAt, useStage, wordsOf } from './harness';

const stage = useStage();

beforeAll(async () => {
  await stage.admin.post(`/api/admin/ai-providers/${stage.providerId}/keys`, { keyName: 'spare', apiKey: 'sk-spare', rateLimitRpm: 60 });
  for (let count = 0; count < 3; count += 1) {
    await stage.admin.post('/api/ai/chat/completions', { model: 'openai/gpt-4o', messages: [{ role: 'user', content: 'Hi' }] });
  }
});

inBothLanguages((language, words) => {
  const { status: t, components, common } = words;

  it('tells how keys, load, jobs, journal and instances fare', async () => {
    const page = await stage.open('/status', { language });
    await page.getByText(fill(t.tile.usable, { usable: 2, active: 2 })).waitFor();
    const keys = page.getByRole('region', { name: 'OpenAI' });
    await keys.getByRole('row', { name: /main/ }).getByText(components.state.normal).waitFor();
    await page.getByRole('region', { name: t.load.title }).waitFor();

    await page.getByRole('tab', { name: t.tab.jobs }).click();
    await page.waitForURL(/tab=jobs/);
    await page.getByText(t.job.name['fold-hours'], { exact: true }).waitFor();
    expect(await page.locator('tbody tr.ant-table-row').count()).toBeGreaterThan(10);

    await page.getByRole('tab', { name: t.tab.system }).click();
    await page.getByRole('region', { name: t.journal.title }).getByText(t.journal.writable).first().waitFor();
    await page.getByRole('region', { name: t.instance.title }).getByText(t.instance.this).waitFor();
  });

  it('shows only keys that are out where asked', async () => {
    const page = await stage.open('/status', { language });
    await page.getByRole('checkbox', { name: t.onlyOut }).check();
    await page.getByText(t.allUsable.title).waitFor();
    expect(new URL(page.url()).searchParams.get('out')).toBe('1');
  });

  it('tests the keys one by one, in the background too', async () => {
    const page = await stage.open('/status', { language });
    await page.getByRole('button', { name: t.test.button }).click();
    const drawer = page.locator('.ant-drawer-content-wrapper').last();
    await drawer.getByRole('textbox', { name: t.test.prompt }).fill('');
    await drawer.locator('button[type=submit]').click();
    await drawer.getByText(t.test.promptNeeded).waitFor();
    await drawer.getByRole('textbox', { name: t.test.prompt }).fill('Hello?');
    await drawer.locator('button[type=submit]').click();
    await drawer.getByText(fill(t.test.done, { good: 2, bad: 0 })).waitFor();
    expect(await drawer.locator('tbody tr.ant-table-row').count()).toBe(2);
    await drawer.getByRole('button', { name: t.test.again }).click();
    await drawer.getByRole('textbox', { name: t.test.prompt }).waitFor();
    await page.getByRole('button', { name: common.close }).first().click();
    await page.waitForURL((url) => !url.searchParams.has('test'));
  });
});

describe('a key that fails', () => {
  it('is seen in the test with the reason', async () => {
    const t = wordsOf('en').status;
    await stage.admin.post('/api/admin/ai-models', { providerId: stage.providerId, modelCode: 'sim-error-400', modelType: 'chat' });
    const page = await stage.open('/status?test=1', { allow: [{ status: 422, path: '/api/status/test' }] });
    await page.getByRole('textbox', { name: t.test.prompt }).fill('Hello?');
    await page.getByRole('combobox', { name: t.test.model }).click();
    await page.getByRole('combobox', { name: t.test.model }).fill('sim-error-400');
    await page.locator('.ant-select-item-option', { hasText: 'sim-error-400' }).first().click();
    await page.locator('.ant-drawer button[type=submit]').click();
    await page.getByText(fill(t.test.done, { good: 0, bad: 2 })).waitFor();
  });
});

describe('roles', () => {
  it('lets analysts read, and only administrators test', async () => {
    const t = wordsOf('en').status;
    const page = await stage.open('/status?test=1', { as: 'analyst' });
    await page.getByText(t.tile.journal).first().waitFor();
    expect(await page.getByRole('button', { name: t.test.button }).count()).toBe(0);
    expect(await page.getByTestId('key-test').count()).toBe(0);
  });
});

describe('looks', () => {
  it('reads well in both languages and themes, wide and on a phone', async () => {
    await lookAt(stage, 'status', '/status', (page) => page.getByRole('region', { name: 'OpenAI' }).waitFor());
    await lookAt(stage, 'status-jobs', '/status?tab=jobs', (page) => page.locator('tbody tr.ant-table-row').first().waitFor());
    await lookAt(stage, 'status-system', '/status?tab=system', (page) => page.locator('tbody tr.ant-table-row').first().waitFor());
  });
});
