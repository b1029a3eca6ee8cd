import { describe, expect, it } from 'vitest';
import { inBothLanguages, lookAt, useStage } from './harness';

const stage = useStage();

interface Entries {
  entries: { id: number; action: string; resource: string; resourceId: number }[];
}

const entries = (query: string) => stage.admin.get<Entries>(`/api/admin/audit-logs?${query}`);

describe('the audit log', () => {
  it('looks right in every way', async () => {
    await stage.admin.put(`/api/admin/ai-providers/${stage.providerId}`, { description: 'For tests', maxRetries: 1 });
    const [entry] = (await entries('action=update&resource=provider')).entries;
    await lookAt(stage, 'audit', '/audit', (page) => page.getByRole('table').waitFor());
    await lookAt(stage, 'audit-entry', `/audit?entry=${entry?.id}`, (page) => page.getByText('maxRetries').last().waitFor());
  });

  inBothLanguages((language, { audit: text, shell, components }) => {
    it('tells what became of a thing, field by field and as JSON', async () => {
      await stage.admin.put(`/api/admin/ai-providers/${stage.providerId}`, { description: `Told in ${language}` });
      const page = await stage.open('/audit?action=update&resource=provider', { language });
      await page.getByRole('row').nth(1).getByRole('cell').first().click();
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('rowheader', { name: 'description' }).waitFor();
      await dialog.getByText(`Told in ${language}`).waitFor();
      expect(page.url()).toContain('entry=');
      await dialog.getByText('JSON', { exact: true }).click();
      await dialog.getByText('"providerCode": "openai"').first().waitFor();
      await page.reload();
      await dialog.getByText(`Told in ${language}`).waitFor();
      await page.keyboard.press('Escape');
      await expect.poll(() => page.url()).not.toContain('entry=');
    });

    it('is narrowed by who, what and whom, in its address', async () => {
      const page = await stage.open('/audit', { language });
      await page.getByRole('combobox', { name: text.anything, exact: true }).click();
      await page.getByTitle(text.actions.login, { exact: true }).click();
      await expect.poll(() => page.url()).toContain('action=login');
      await expect.poll(() => page.getByRole('row').filter({ hasText: text.actions.create }).count()).toBe(0);
      await page.getByRole('button', { name: components.clearFilters }).click();
      await expect.poll(() => page.url()).not.toContain('action');
      await page.goto(`/audit?resource=user&action=delete`);
      await page.getByText(components.nothingMatches).waitFor();
    });

    it('is closed to analysts', async () => {
      const page = await stage.open('/audit', { as: 'analyst', language });
      await page.getByText(shell.forbidden.title).waitFor();
    });
  });

  it('turns its pages', async () => {
    for (let count = 0; count < 25; count += 1) {
      await stage.admin.put(`/api/admin/ai-providers/${stage.providerId}`, { description: `Change ${count}` });
    }
    const page = await stage.open('/audit?pageSize=20&resource=provider');
    await page.getByTitle('2', { exact: true }).click();
    await expect.poll(() => page.url()).toContain('page=2');
    await page.getByRole('row').nth(1).waitFor();
  });
});
