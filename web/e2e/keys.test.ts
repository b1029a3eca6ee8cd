import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { fill, inBothLanguages, lookAt, useStage, wordsOf } from './harness';

/** Changed by the test of keys that do not open any more, before it starts the server again. */
const env: Record<string, string> = { API_KEY_ENCRYPTION_KEY: 'a'.repeat(64), JWT_SECRET: 's'.repeat(40) };
const stage = useStage({ env });
const en = wordsOf('en');

interface Key {
  id: number;
  keyName: string;
  apiKey: string;
  priority: number;
  isActive: boolean;
  status: string;
  credentialKind: string;
  rateLimitRpm: number | null;
}

let made = 0;

/** A provider of this test's own in front of the simulator, and its keys. */
async function given(...keys: [name: string, secret: string][]) {
  made += 1;
  const code = `p${made}`;
  const body = { providerCode: code, providerName: `Provider ${made}`, baseUrl: `${stage.server.simulatorUrl}/v1` };
  const { id } = await stage.admin.post<{ id: number }>('/api/admin/ai-providers', body);
  for (const [keyName, apiKey] of keys) await stage.admin.post(`/api/admin/ai-providers/${id}/keys`, { keyName, apiKey });
  return { id, code, name: body.providerName, path: `/providers/${id}/keys` };
}

const keysOf = (id: number) => stage.admin.get<Key[]>(`/api/admin/ai-providers/${id}/keys`);
const row = (page: Page, name: string) => page.getByRole('row').filter({ hasText: name });
const button = (page: Page, name: string) => page.getByRole('button', { name });
/** The button at the foot of the drawer or dialog that is open. */
const submit = (page: Page, name: string) => page.getByRole('dialog').getByRole('button', { name });
const errorAt = (page: Page, field: string) => page.locator('.ant-form-item', { has: page.locator(`#${field}`) }).locator('.ant-form-item-explain-error').first();

async function choose(page: Page, name: string, item: string, words = en) {
  await page.getByRole('button', { name: fill(words.keys.does.more, { name }) }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
}

inBothLanguages((language, words) => {
  const { keys, components, common } = words;

  it('adds a key, checks it, and shows no more than its ends', async () => {
    const provider = await given();
    const page = await stage.open(provider.path, { language, allow: [{ status: 409, path: '/api/admin/ai-providers' }] });
    await button(page, keys.add).click();
    await submit(page, keys.form.submitAdd).click();
    await page.getByText(keys.form.keyNameNone).waitFor();
    await page.getByText(keys.form.apiKeyNone).waitFor();
    await page.locator('#keyName').fill('main');
    await page.locator('#apiKey').fill('sk-sim-fast-canary-7777');
    await page.locator('#rateLimitRpm').fill('60');
    await submit(page, keys.form.submitAdd).click();
    // Its drawer tells what the provider said.
    await page.getByRole('dialog').getByText(components.state.normal).first().waitFor();
    await page.keyboard.press('Escape');
    const shown = await row(page, 'main').textContent();
    expect(shown).toContain('sk-s...7777');
    // The form goes with its drawer, which slides out.
    await expect.poll(() => page.content()).not.toContain('canary');
    const [key] = await keysOf(provider.id);
    expect(key).toMatchObject({ keyName: 'main', rateLimitRpm: 60, status: 'normal' });

    await page.goto(`${provider.path}?edit=new`);
    await page.locator('#keyName').fill('again');
    await page.locator('#apiKey').fill('sk-sim-fast-canary-7777');
    await submit(page, keys.form.submitAdd).click();
    await errorAt(page, 'apiKey').waitFor();
    expect(await page.locator('#keyName').inputValue()).toBe('again');
  });

  it('tells a refused key with what to do, and replaces it', async () => {
    const provider = await given(['old', 'sk-sim-error-401-old']);
    const page = await stage.open(provider.path, { language });
    await choose(page, 'old', keys.does.validate, words);
    await row(page, 'old').getByText(components.state.invalid).waitFor();
    await page.getByText(fill(keys.allOut.title, { name: provider.name })).waitFor();
    await row(page, 'old').focus();
    await page.keyboard.press('Enter');
    const drawer = page.getByRole('dialog');
    await drawer.getByText(keys.what.invalid).waitFor();
    await drawer.getByRole('button', { name: keys.does.replace }).click();
    await page.locator('#apiKey').fill('sk-sim-fast-new-0001');
    await submit(page, common.save).click();
    await row(page, 'old').getByText(components.state.normal).waitFor();
    expect((await keysOf(provider.id))[0]).toMatchObject({ status: 'normal', apiKey: 'sk-s...0001' });
  });

  it('changes limits without touching the credential', async () => {
    const provider = await given(['main', 'sk-sim-fast-kept-1234']);
    const page = await stage.open(provider.path, { language });
    await choose(page, 'main', keys.does.edit, words);
    await page.locator('#rateLimitRpm').fill('0');
    await page.locator('#keyName').fill('renamed');
    await submit(page, common.save).click();
    await row(page, 'renamed').waitFor();
    expect((await keysOf(provider.id))[0]).toMatchObject({ rateLimitRpm: 0, apiKey: 'sk-s...1234' });
  });

  it('imports lines with a verdict for each, and leaves the refused ones to be corrected', async () => {
    const provider = await given();
    const page = await stage.open(provider.path, { language });
    await button(page, keys.import).click();
    await page.getByRole('dialog').getByRole('button', { name: keys.import }).click();
    await page.getByText(keys.importing.none).waitFor();
    await page.locator('#keys').fill('# ours\nfirst sk-sim-fast-import-1\nsecond sk-sim-fast-import-1\nsk-sim-fast-import-3');
    await page.getByRole('dialog').getByRole('button', { name: keys.import }).click();
    await page.getByText(fill(keys.importing.added, { added: 2, total: 3 })).waitFor();
    expect(await page.getByRole('dialog').getByText(keys.importing.isRefused, { exact: true }).count()).toBe(1);
    await submit(page, keys.importing.mend).click();
    expect(await page.locator('#keys').inputValue()).toBe('second sk-sim-fast-import-1');
    await page.locator('#keys').fill('second sk-sim-fast-import-2');
    await page.getByRole('dialog').getByRole('button', { name: keys.import }).click();
    await submit(page, keys.importing.check).click();
    await page.getByText(fill(keys.work.over.validate, { good: 1, total: 1 })).waitFor();
    expect(await keysOf(provider.id)).toHaveLength(3);
  });

  it('deletes a key, saying that it is the last', async () => {
    const provider = await given(['only', 'sk-sim-fast-only']);
    const page = await stage.open(provider.path, { language });
    await row(page, 'only').getByRole('switch').click();
    await page.getByText(fill(keys.off.text, { provider: provider.name })).waitFor();
    await submit(page, common.cancel).click();
    await choose(page, 'only', keys.does.delete, words);
    await page.getByText(fill(keys.delete.last, { name: provider.name })).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: keys.delete.confirm }).click();
    await page.getByText(keys.empty.title).waitFor();
    expect(await keysOf(provider.id)).toEqual([]);
  });
});

describe('the order of keys', () => {
  const names = async (id: number) => (await keysOf(id)).map(({ keyName, priority }) => `${keyName} ${priority}`);

  it('is changed by arrow keys and saved at once', async () => {
    const provider = await given(['a', 'sk-sim-fast-a'], ['b', 'sk-sim-fast-b'], ['c', 'sk-sim-fast-c']);
    const page = await stage.open(`${provider.path}?order=1`);
    await button(page, fill(en.keys.ordering.down, { name: 'a' })).focus();
    await page.keyboard.press('ArrowDown');
    await page.getByText(fill(en.keys.ordering.moved, { name: 'a', number: 2, total: 2 })).waitFor({ state: 'attached' });
    await button(page, fill(en.keys.ordering.up, { name: 'c' })).click();
    await submit(page, en.keys.ordering.save).click();
    await page.getByText(en.keys.told.ordered).waitFor();
    expect(await names(provider.id)).toEqual(['c 100', 'b 90', 'a 80']);
  });

  it('is changed by drag', async () => {
    const provider = await given(['a', 'sk-sim-fast-a'], ['b', 'sk-sim-fast-b']);
    const page = await stage.open(`${provider.path}?order=1`);
    const grip = page.locator('.tier-key', { hasText: 'a' }).first().locator('.tier-grip');
    await grip.hover();
    await page.mouse.down();
    const box = await page.locator('.tier-gap').last().boundingBox();
    await page.mouse.move((box?.x ?? 0) + 60, (box?.y ?? 0) + 2, { steps: 8 });
    const gap = await page.locator('.tier-gap').last().boundingBox();
    await page.mouse.move((gap?.x ?? 0) + 60, (gap?.y ?? 0) + (gap?.height ?? 0) / 2, { steps: 4 });
    await page.mouse.up();
    await submit(page, en.keys.ordering.save).click();
    await page.getByText(en.keys.told.ordered).waitFor();
    expect(await names(provider.id)).toEqual(['b 100', 'a 90']);
  });
});

describe('several keys', () => {
  it('are checked with a verdict for each, also while other pages are looked at', async () => {
    const provider = await given(['good', 'sk-sim-fast-1'], ['bad', 'sk-sim-error-401-2'], ['late', 'sk-sim-latency-1500']);
    const page = await stage.open(provider.path);
    await row(page, 'late').waitFor();
    await button(page, en.keys.validateAll).click();
    await page.getByRole('link', { name: en.providers.breadcrumb, exact: true }).first().click();
    await page.getByRole('heading', { level: 1, name: en.providers.title }).waitFor();
    await page.goBack();
    await page.getByText(fill(en.keys.work.over.validate, { good: 2, total: 3 })).waitFor();
    await page.getByRole('listitem').filter({ hasText: 'bad' }).waitFor();
    await row(page, 'bad').getByText(en.components.state.invalid).waitFor();
  });

  it('are switched off and deleted together', async () => {
    const provider = await given(['a', 'sk-sim-fast-1'], ['b', 'sk-sim-fast-2'], ['c', 'sk-sim-fast-3']);
    const page = await stage.open(provider.path);
    for (const name of ['a', 'b']) await row(page, `${name}sk-s`).getByRole('checkbox').check();
    await page.getByRole('toolbar').getByRole('button', { name: en.keys.bulk.off }).click();
    await page.getByText(fill(en.keys.work.over.off, { good: 2, total: 2 })).waitFor();
    expect((await keysOf(provider.id)).filter((key) => key.isActive).map((key) => key.keyName)).toEqual(['c']);
    for (const name of ['a', 'b']) await row(page, `${name}sk-s`).getByRole('checkbox').check();
    await page.getByRole('toolbar').getByRole('button', { name: en.keys.bulk.delete }).click();
    await page.getByRole('dialog').getByRole('button', { name: en.keys.delete.confirmMany }).click();
    await page.getByText(fill(en.keys.work.over.delete, { good: 2, total: 2 })).waitFor();
    expect((await keysOf(provider.id)).map((key) => key.keyName)).toEqual(['c']);
  });
});

describe('other credentials', () => {
  it('a key service has its own fields, and the server\'s words stand beside them', async () => {
    const provider = await given();
    const page = await stage.open(`${provider.path}?edit=new`, { allow: [{ status: 422, path: '/api/admin/ai-providers' }] });
    await page.locator('#keyName').fill('service');
    await page.getByText(en.keys.kinds.remote, { exact: true }).click();
    await page.locator('#remote_url').fill('not a url');
    await page.locator('#remote_sceneCode').fill('chat');
    await page.locator('#checkAfter').uncheck();
    await submit(page, en.keys.form.submitAdd).click();
    await errorAt(page, 'remote_url').waitFor();
    await page.locator('#remote_url').fill(`${stage.server.simulatorUrl}/key`);
    await submit(page, en.keys.form.submitAdd).click();
    await row(page, 'service').getByText(en.keys.kinds.remote).waitFor();
    expect((await keysOf(provider.id))[0]?.credentialKind).toBe('remote');
  });

  it('an account is filled in from a credentials file', async () => {
    const provider = await given();
    const page = await stage.open(`${provider.path}?edit=new`);
    await page.locator('#keyName').fill('account');
    await page.getByText(en.keys.kinds.oauth2, { exact: true }).click();
    await page.locator('#credentials-file').fill('{');
    await page.getByText(fill(en.keys.form.oauth2.fileBad, { why: en.keys.form.oauth2.fileJson })).waitFor();
    const file = { refresh_token: 'refresh-canary', token_url: 'https://auth.example/token', client_id: 'app-1' };
    await page.locator('#credentials-file').fill(JSON.stringify(file));
    expect(await page.locator('#oauth2_tokenUrl').inputValue()).toBe('https://auth.example/token');
    await page.locator('#checkAfter').uncheck();
    await submit(page, en.keys.form.submitAdd).click();
    await row(page, 'account').getByText(en.keys.kinds.oauth2).waitFor();
    await page.locator('#keyName').waitFor({ state: 'detached' });
    expect((await page.content()).includes('refresh-canary')).toBe(false);
  });
});

describe('an analyst', () => {
  it('sees keys and what is wrong with them, and changes nothing', async () => {
    const provider = await given(['main', 'sk-sim-error-401-x']);
    const [key] = await keysOf(provider.id);
    await stage.admin.post(`/api/admin/ai-providers/keys/${key?.id}/validate`);
    const page = await stage.open(`${provider.path}?key=${key?.id}`, { as: 'analyst' });
    const drawer = page.getByRole('dialog');
    await drawer.getByText(en.keys.what.invalid).waitFor();
    expect(await drawer.getByRole('button', { name: en.keys.does.replace }).count()).toBe(0);
    await page.keyboard.press('Escape');
    expect(await button(page, en.keys.add).count()).toBe(0);
    expect(await page.getByRole('switch').count()).toBe(0);
    expect(await page.getByRole('checkbox').count()).toBe(0);
  });
});

describe('every look', () => {
  it('of keys with all their states', async () => {
    const provider = await given(['main', 'sk-sim-fast-1'], ['waiting', 'sk-sim-error-429-2'], ['a name that goes on and on for longer than its place', 'sk-sim-error-401-3'], ['new', 'sk-sim-fast-4']);
    const keys = await keysOf(provider.id);
    for (const key of keys.slice(0, 3)) await stage.admin.post(`/api/admin/ai-providers/keys/${key.id}/validate`);
    await stage.admin.put(`/api/admin/ai-providers/keys/${keys[0]?.id}`, { rateLimitRpm: 60, rateLimitTpm: 90_000, rateLimitRpd: 1000 });
    await lookAt(stage, 'keys', provider.path, (page) => row(page, 'main').waitFor());
    await lookAt(stage, 'key', `${provider.path}?key=${keys[2]?.id}`, (page) => page.getByRole('dialog').locator('dl').first().waitFor());
    await lookAt(stage, 'keys-order', `${provider.path}?order=1`, (page) => page.locator('.tier').first().waitFor());
    await lookAt(stage, 'key-form', `${provider.path}?edit=new`, (page) => page.locator('#keyName').waitFor());
  }, 300_000);
});

describe('keys that no sealing key opens', () => {
  it('say what to do, and work once they are typed again', async () => {
    const provider = await given(['lost', 'sk-sim-fast-lost']);
    await stage.server.stop();
    env.API_KEY_ENCRYPTION_KEY = 'b'.repeat(64);
    await stage.server.start();
    const page = await stage.open(provider.path);
    await row(page, 'lost').getByText(en.components.state.undecryptable).waitFor();
    await row(page, 'lost').locator('.key-name').click();
    await page.getByRole('dialog').getByText(en.keys.what.undecryptable).waitFor();
    await page.getByRole('dialog').getByRole('button', { name: en.keys.does.replace }).click();
    await page.locator('#apiKey').fill('sk-sim-fast-found');
    await submit(page, en.common.save).click();
    await row(page, 'lost').getByText(en.components.state.normal).waitFor();
  });
});
