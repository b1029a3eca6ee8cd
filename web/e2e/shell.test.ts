import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { adminPassword, axe, fill, inBothLanguages, lookAt, shot, useStage, wordsOf } from './harness';

const stage = useStage();
const en = wordsOf('en');

const names = (page: Page) => page.getByRole('navigation').getByRole('menuitem').allInnerTexts();
const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });

describe('the navigation', () => {
  it('shows each role its pages', async () => {
    const shown = async (as: 'admin' | 'analyst' | 'app') => {
      const page = await stage.open('/', { as });
      await page.getByRole('menuitem').first().waitFor();
      return names(page);
    };
    expect(await shown('admin')).toHaveLength(14);
    const analyst = await shown('analyst');
    expect(analyst).toContain(en.logs.title);
    for (const hidden of [en.users.title, en.tokens.title, en.settings.title, en.audit.title, en.playground.title]) {
      expect(analyst).not.toContain(hidden);
    }
    expect(await shown('app')).toEqual([en.playground.title]);
  });

  it('leads app developers to the playground and tells others what they may not see', async () => {
    const page = await stage.open('/', { as: 'app' });
    await heading(page, en.playground.title).waitFor();
    await page.goto('/users');
    await page.getByText(en.shell.forbidden.title).waitFor();
    await page.getByText(fill(en.shell.forbidden.text, { role: en.common.roles.app })).waitFor();
    await axe(page);
  });

  it('collapses to icons, and stays so', async () => {
    const page = await stage.open('/users');
    await page.getByRole('button', { name: en.shell.collapse }).click();
    await page.getByRole('button', { name: en.shell.expand }).waitFor();
    await axe(page);
    await page.reload();
    await page.getByRole('button', { name: en.shell.expand }).click();
    await page.getByRole('navigation').getByText(en.shell.groups.observe).waitFor();
  });

  it('is behind a button on a phone', async () => {
    const page = await stage.open('/users', { size: 'phone' });
    await page.getByRole('button', { name: en.shell.openMenu }).click();
    await page.getByRole('menuitem', { name: en.audit.title }).click();
    await heading(page, en.audit.title).waitFor();
    await page.getByRole('dialog').waitFor({ state: 'hidden' });
  });

  it('is passed over by the skip link', async () => {
    const page = await stage.open('/users');
    await heading(page, en.users.title).waitFor();
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    expect(await page.evaluate(() => document.activeElement?.id)).toBe('content');
  });
});

describe('the command palette', () => {
  it('goes to pages, providers, models and calls by keys alone', async () => {
    const page = await stage.open('/users');
    await heading(page, en.users.title).waitFor();
    const ask = async (text: string) => {
      await page.keyboard.press('Control+k');
      await page.getByRole('combobox', { name: en.shell.palette.title }).fill(text);
    };
    await ask('audit');
    await page.keyboard.press('Enter');
    await heading(page, en.audit.title).waitFor();

    await ask('openai');
    await page.getByRole('option', { name: 'OpenAI', exact: true }).waitFor();
    await axe(page);
    await shot(page, 'palette');
    await page.getByRole('option', { name: 'OpenAI', exact: true }).click();
    await page.waitForURL(`**/providers/${stage.providerId}/keys`);

    await ask('sim-chat');
    await page.getByRole('option', { name: 'sim-chat', exact: true }).first().click();
    await page.waitForURL('**/models/*');

    const id = '019b0000-0000-7000-8000-000000000000';
    stage.allow({ status: 404, path: `/api/admin/ai-stats/logs/${id}` });
    await ask(id);
    await page.getByRole('option', { name: fill(en.shell.palette.call, { id }) }).waitFor();
    await page.keyboard.press('Enter');
    await page.waitForURL(`**/logs/${id}`);
    const drawer = page.locator('.ant-drawer-open');
    await drawer.waitFor();

    await ask('no such thing');
    await page.getByText(en.shell.palette.nothing).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('combobox', { name: en.shell.palette.title }).waitFor({ state: 'hidden' });
    expect(await drawer.count()).toBe(1);
  });
});

describe('the looks', () => {
  it('follow the choice of theme and language, which stay', async () => {
    const page = await stage.open('/users');
    await page.getByRole('button', { name: en.shell.theme.title }).click();
    await page.getByRole('menuitem', { name: en.shell.theme.dark }).click();
    await page.locator('html[data-theme=dark]').waitFor({ state: 'attached' });
    await page.getByRole('button', { name: en.shell.language }).click();
    await page.getByRole('menuitem', { name: '简体中文' }).click();
    await heading(page, wordsOf('zh-CN').users.title).waitFor();
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('zh-CN');
    await page.reload();
    await heading(page, wordsOf('zh-CN').users.title).waitFor();
    await page.locator('html[data-theme=dark]').waitFor({ state: 'attached' });
    expect(await page.title()).toBe(`${wordsOf('zh-CN').users.title} · Tollgate`);
  });

  it("begin with the browser's language and theme", async () => {
    const page = await stage.open('/login', { as: null, language: 'zh-CN', theme: 'dark' });
    await heading(page, wordsOf('zh-CN').login.title).waitFor();
    await page.locator('html[data-theme=dark]').waitFor({ state: 'attached' });
  });
});

inBothLanguages((language, words) => {
  it('tells of addresses that are no page', async () => {
    const page = await stage.open('/nowhere/at/all', { language });
    await page.getByText(words.shell.notFound.title).waitFor();
    await axe(page);
    await page.getByRole('link', { name: words.shell.notFound.action }).click();
    await heading(page, words.dashboard.title).waitFor();
  });
});

describe('a server that is away', () => {
  it('is told at once, and what is shown is read anew when it is back', async () => {
    const page = await stage.open('/users', {
      allow: [
        { status: 'none', path: '/' },
        { status: 503, path: '/' },
      ],
    });
    await page.getByRole('cell', { name: 'analyst', exact: true }).first().waitFor();
    await stage.server.stop();
    await page.getByRole('menuitem', { name: en.audit.title }).click();
    await page.getByText(en.shell.offline).waitFor();
    await shot(page, 'offline');
    await axe(page);
    await stage.server.start();
    await page.getByText(en.shell.offline).waitFor({ state: 'hidden' });
    await page.getByRole('menuitem', { name: en.users.title }).click();
    await page.getByRole('cell', { name: 'analyst', exact: true }).first().waitFor();
  });

  it('is told on the sign-in page', async () => {
    const page = await stage.open('/login', { as: null, allow: [{ status: 'none', path: '/' }] });
    await page.getByLabel(en.login.username, { exact: true }).fill('admin');
    await page.getByLabel(en.login.password, { exact: true }).fill(adminPassword);
    await stage.server.stop();
    await page.getByRole('button', { name: en.login.submit }).click();
    await page.getByRole('alert').getByText(en.login.unreachable).waitFor();
    await stage.server.start();
    await page.getByRole('button', { name: en.login.submit }).click();
    await heading(page, en.dashboard.title).waitFor();
  });
});

it('is good to look at', () => lookAt(stage, 'shell', '/nowhere', (page) => page.locator('main').waitFor()));
