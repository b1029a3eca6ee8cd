import { createServer, type Server } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fill, inBothLanguages, lookAt, useStage } from './harness';

const stage = useStage({ env: { CORS_ORIGINS: 'https://ui.example.com', ALERT_PRIVATE_ADDRESSES: 'true' } });

interface Settings {
  defaultTimeZone: string;
  logRetentionDays: number;
  loadBalancerAlgorithm: string;
  alerts: { errorRatePercent: number; webhooks: { name: string; url: string; isActive: boolean; levels: string[] }[]; email: { host: string } | null };
}

const settings = () => stage.admin.get<Settings>('/api/admin/settings');

/** A receiver of notices, which takes or refuses them. */
let receiver: Server;
let received: string[] = [];
let status = 200;
let address = '';

beforeAll(async () => {
  receiver = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => (body += piece.toString()));
    request.on('end', () => {
      received.push(body);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const bound = receiver.address();
  address = `http://127.0.0.1:${typeof bound === 'object' && bound ? bound.port : 0}/hook/secret-part`;
});
afterAll(() => receiver.close());

describe('settings', () => {
  it('looks right in every way', async () => {
    await stage.admin.put('/api/admin/settings', {
      alerts: { webhooks: [{ name: 'ops', type: 'slack', url: address, levels: ['critical'], kinds: ['error_rate'] }] },
    });
    for (const section of ['general', 'load', 'retention', 'alerts', 'channels']) {
      await lookAt(stage, `settings-${section}`, `/settings?section=${section}`, (page) => page.locator('.settings-card').first().waitFor());
    }
    await lookAt(stage, 'settings-channel', '/settings?section=channels&channel=new:feishu', (page) => page.getByRole('dialog').waitFor());
    await stage.admin.put('/api/admin/settings', { alerts: { webhooks: [] } });
  });

  inBothLanguages((language, words) => {
    const { settings: text, common, components } = words;

    it('says what locks a field, and saves the others', async () => {
      const page = await stage.open('/settings', { language });
      await page.getByText('CORS_ORIGINS').waitFor();
      expect(await page.locator('#corsOrigins').isDisabled()).toBe(true);
      const zone = language === 'en' ? 'Europe/Berlin' : 'Asia/Shanghai';
      await page.locator('#defaultTimeZone').click();
      await page.locator('#defaultTimeZone').fill(zone);
      await page.keyboard.press('Enter');
      await page.getByRole('button', { name: common.save }).click();
      await page.getByText(common.saved).waitFor();
      expect((await settings()).defaultTimeZone).toBe(zone);
    });

    it('asks before records go, and takes thresholds back to their defaults', async () => {
      await stage.admin.put('/api/admin/settings', { logRetentionDays: 90, alerts: { errorRatePercent: 9 } });
      const page = await stage.open('/settings?section=retention', { language });
      const save = page.getByRole('tabpanel').getByRole('button', { name: common.save });
      await page.locator('#logRetentionDays').fill('30');
      await save.click();
      await page.getByText(fill(text.retention.fewerTitle_other ?? '', { days: 30 })).last().waitFor();
      await page.getByRole('button', { name: common.cancel }).last().click();
      expect((await settings()).logRetentionDays).toBe(90);
      await page.getByRole('dialog').waitFor({ state: 'detached' });
      await save.click();
      await page.getByRole('dialog').getByRole('button', { name: common.save }).click();
      await expect.poll(async () => (await settings()).logRetentionDays).toBe(30);

      await page.getByRole('tab', { name: text.sections.alerts }).click();
      await page.locator('#alerts_errorRatePercent').fill('');
      await save.click();
      await expect.poll(async () => (await settings()).alerts.errorRatePercent).toBe(5);
    });

    it('chooses how keys share the load, of those to come and of one', async () => {
      const page = await stage.open('/settings?section=load', { language });
      const ways = words.providers.form.strategies;
      const wanted = language === 'en' ? 'least_load' : 'round_robin';
      await page.getByRole('combobox').first().click();
      await page.getByTitle(ways[wanted], { exact: true }).last().click();
      await page.getByRole('button', { name: common.save }).click();
      await expect.poll(async () => (await settings()).loadBalancerAlgorithm).toBe(wanted);
      await page.getByRole('combobox', { name: fill(text.load.algorithmOf, { name: 'OpenAI' }) }).click();
      await page.locator('.ant-select-dropdown:not(.ant-select-dropdown-hidden)').getByTitle(ways.weighted, { exact: true }).click();
      await expect
        .poll(async () => (await stage.admin.get<{ lbStrategy: string }>(`/api/admin/ai-providers/${stage.providerId}`)).lbStrategy)
        .toBe('weighted');
    });

    it('adds a channel that was tried, keeps its secret, switches and deletes it', async () => {
      [received, status] = [[], 200];
      const allow = [{ status: 422, path: '/api/admin' }];
      const page = await stage.open('/settings?section=channels', { language, allow });
      await page.getByRole('button', { name: text.channels.add }).first().click();
      await page.getByRole('menuitem', { name: text.channels.kind.generic, exact: true }).click();
      const drawer = page.getByRole('dialog').first();
      await drawer.getByRole('button', { name: common.save }).click();
      await drawer.getByText(components.form.required).first().waitFor();
      await page.locator('#name').fill(`ops-${language}`);
      await page.locator('#url').fill('ftp://nowhere');
      await drawer.getByRole('button', { name: common.save }).click();
      await drawer.locator('.ant-form-item-explain-error').first().waitFor();
      await page.locator('#url').fill(address);
      await drawer.getByRole('button', { name: text.trial.send }).click();
      await page.getByText(text.trial.took).last().waitFor();
      expect(received.join()).toContain('"event":"test"');
      await page.locator('.ant-modal').getByRole('button').last().click();
      await drawer.getByRole('button', { name: common.save }).click();
      await page.getByText('/****').first().waitFor();
      await page.locator('#url').waitFor({ state: 'detached' });
      expect((await page.content()).includes('secret-part')).toBe(false);

      status = 500;
      await page.getByRole('row', { name: new RegExp(`ops-${language}`) }).getByRole('button', { name: text.trial.send }).click();
      await page.getByText(text.trial.refused).last().waitFor();
      await page.locator('.ant-modal').getByRole('button').last().click();
      await page.getByRole('switch', { name: fill(text.channels.activeOf, { name: `ops-${language}` }) }).click();
      await expect.poll(async () => (await settings()).alerts.webhooks[0]?.isActive).toBe(false);
      await page.getByRole('row', { name: new RegExp(`ops-${language}`) }).getByRole('button', { name: common.delete }).click();
      await page.locator('.ant-modal').getByRole('button', { name: common.delete }).click();
      await expect.poll(async () => (await settings()).alerts.webhooks.length).toBe(0);
    });

    it('is closed to analysts', async () => {
      const page = await stage.open('/settings', { as: 'analyst', language });
      await page.getByText(words.shell.forbidden.title).waitFor();
    });
  });
});
