import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fill, inBothLanguages, lookAt, useStage, wordsOf } from './harness';

const stage = useStage();
const open = (page: Page) => page.getByTestId('open-alerts');
const past = (page: Page) => page.getByTestId('past-alerts');

/** Waits until the API has so many alerts that are open, or over. */
async function alerts(isOpen: boolean, count: number): Promise<void> {
  for (;;) {
    const found = await stage.admin.get<{ total: number }>(`/api/admin/alerts?open=${isOpen}`);
    if (found.total >= count) return;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** A provider that takes no key, in whatever it is asked. */
const strict = createServer((_request, response) => {
  const error = { message: 'Incorrect API key provided', type: 'invalid_request_error', code: 'invalid_api_key' };
  response.writeHead(401, { 'content-type': 'application/json' }).end(JSON.stringify({ error }));
});
const leadTo = (baseUrl: string) => stage.admin.put(`/api/admin/ai-providers/${stage.providerId}`, { baseUrl });

/** Lets the provider refuse the key, so that it is out, and nothing is left to the provider. */
async function loseKey(): Promise<void> {
  await stage.admin
    .post('/api/ai/chat/completions', { model: 'openai/sim-chat', messages: [{ role: 'user', content: 'Hi' }] })
    .catch(() => null);
  await alerts(true, 2);
}

beforeAll(async () => {
  await new Promise<void>((resolve) => strict.listen(0, '127.0.0.1', resolve));
  await leadTo(`http://127.0.0.1:${(strict.address() as AddressInfo).port}/v1`);
  await loseKey();
  await stage.admin.post(`/api/admin/ai-providers/keys/${stage.keyId}/reset`);
  await alerts(false, 2);
  await loseKey();
});

afterAll(() => new Promise((resolve) => strict.close(resolve)));

inBothLanguages((language, words) => {
  const { alerts: t, components } = words;

  it('says what is wrong, why, and what to do', async () => {
    const page = await stage.open('/alerts', { language });
    const key = open(page).locator('[data-kind=key_unavailable]');
    await key.getByText(fill(t.why.key.invalid, { provider: 'openai', key: 'main' })).waitFor();
    await key.getByText(t.todo.key.invalid).waitFor();
    // The gravest stands first.
    const kinds = await open(page).locator('article').evaluateAll((all) => all.map((each) => each.getAttribute('data-kind')));
    expect(kinds).toEqual(['provider_without_key', 'key_unavailable']);
    await past(page).getByText(fill(t.kind.key_unavailable, { subject: 'openai / main' })).waitFor();
  });

  it('leads to where it is mended', async () => {
    const page = await stage.open('/alerts', { language });
    await open(page).getByRole('link', { name: t.action.openKey, exact: true }).click();
    await page.waitForURL(`**/providers/${stage.providerId}/keys?key=${stage.keyId}`);
  });

  it('is narrowed in the address', async () => {
    const page = await stage.open('/alerts', { language });
    await open(page).locator('article').first().waitFor();
    await page.getByRole('combobox', { name: t.filter.kind }).click();
    await page.locator('.ant-select-item-option', { hasText: components.alertKind.error_rate }).click();
    await page.waitForURL(/kind=error_rate/);
    await open(page).getByText(t.calm.filtered).waitFor();
    await past(page).getByText(t.noPast.title).waitFor();
  });

  it('tells who was told', async () => {
    const page = await stage.open('/alerts', { language });
    const key = open(page).locator('[data-kind=key_unavailable]');
    await key.getByRole('button', { name: t.told }).click();
    await key.getByText(t.delivery.none).waitFor();
  });
});

describe('roles', () => {
  it('lets analysts read, without buttons that change something', async () => {
    const t = wordsOf('en').alerts;
    const page = await stage.open('/alerts', { as: 'analyst' });
    await open(page).getByText(fill(t.why.key.invalid, { provider: 'openai', key: 'main' })).waitFor();
    for (const name of [t.action.check, t.action.addKey, t.channels]) expect(await page.getByRole('button', { name }).count()).toBe(0);
  });
});

describe('looks', () => {
  it('reads well in both languages and themes, wide and on a phone', async () => {
    await lookAt(stage, 'alerts', '/alerts', (page) => open(page).locator('article').nth(1).waitFor());
  });
});

describe('a check', () => {
  it('puts a key that works again to use, and ends its alert', async () => {
    const t = wordsOf('en').alerts;
    const page = await stage.open('/alerts');
    const check = open(page).getByRole('button', { name: t.action.check });
    await check.waitFor();
    // At the last moment: from now on the server might find out by itself.
    await leadTo(`${stage.server.simulatorUrl}/v1`);
    await check.click();
    await page.getByText(t.check.good).waitFor();
    await open(page).getByText(t.calm.title).waitFor();
  });
});
