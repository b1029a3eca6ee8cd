import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { adminPassword, Api, axe, inBothLanguages, lookAt, shot, useStage, wordsOf } from './harness';

const stage = useStage();
const en = wordsOf('en');
const unauthenticated = { status: 401, path: '/api/' };

const heading = (page: Page, name: string) => page.getByRole('heading', { level: 1, name, exact: true });

async function signIn(page: Page, username: string, password: string, words = en) {
  await page.getByLabel(words.login.username, { exact: true }).fill(username);
  await page.getByLabel(words.login.password, { exact: true }).fill(password);
  await page.getByRole('button', { name: words.login.submit }).click();
}

inBothLanguages((language, words) => {
  it('leads to where one wanted to go', async () => {
    const page = await stage.open('/users?q=an', { as: null, language });
    await heading(page, words.login.title).waitFor();
    await signIn(page, 'admin', adminPassword, words);
    await heading(page, words.users.title).waitFor();
    expect(new URL(page.url()).search).toBe('?q=an');
  });

  it('says what is missing or wrong beside the fields, and keeps the name', async () => {
    const page = await stage.open('/login', { as: null, language, allow: [unauthenticated] });
    await page.getByRole('button', { name: words.login.submit }).click();
    await page.getByText(words.login.usernameMissing).waitFor();
    await page.getByText(words.login.passwordMissing).waitFor();
    await signIn(page, 'admin', 'wrong', words);
    await page.getByRole('alert').getByText(words.login.wrong).waitFor();
    expect(await page.getByLabel(words.login.username, { exact: true }).inputValue()).toBe('admin');
    await axe(page);
    await signIn(page, 'admin', adminPassword, words);
    await heading(page, words.dashboard.title).waitFor();
  });
});

describe('a session', () => {
  it('outlasts a reload, and its tokens are nowhere that scripts can read', async () => {
    const page = await stage.open('/login', { as: null });
    await signIn(page, 'admin', adminPassword);
    await heading(page, en.dashboard.title).waitFor();
    await page.reload();
    await heading(page, en.dashboard.title).waitFor();
    const readable = await page.evaluate(() => JSON.stringify([document.cookie, { ...localStorage }, { ...sessionStorage }]));
    expect(readable).toContain('tollgate.session');
    expect(readable).not.toMatch(/eyJ|[A-Za-z0-9_-]{30,}/);
  });

  it('is shared by tabs, each of which goes on', async () => {
    const page = await stage.open('/users');
    await heading(page, en.users.title).waitFor();
    const others = await Promise.all([1, 2, 3].map(() => page.context().newPage()));
    await Promise.all(others.map((each) => each.goto('/users')));
    for (const each of others) await heading(each, en.users.title).waitFor();
    await Promise.all([page, ...others].map((each) => each.reload()));
    for (const each of [page, ...others]) await heading(each, en.users.title).waitFor();
  });

  it('that has ended asks for the password over the page, and what was typed stays', async () => {
    await stage.addUser('busy', 'admin');
    const page = await stage.open('/login', { as: null, allow: [unauthenticated] });
    await signIn(page, 'busy', adminPassword);
    await heading(page, en.dashboard.title).waitFor();
    await page.getByRole('menuitem', { name: en.users.title }).click();
    await page.getByRole('button', { name: en.users.create }).first().click();
    const drawer = page.getByRole('dialog').filter({ hasText: en.users.newTitle });
    await drawer.getByLabel(en.users.username).fill('typed-before');
    await drawer.getByLabel(en.users.password.first).fill('a first password');

    const elsewhere = await Api.signIn(stage.url, 'busy', adminPassword);
    await elsewhere.post('/api/auth/logout?all=true');
    await page.keyboard.press('Control+Enter');
    const dialog = page.getByRole('dialog').filter({ hasText: en.shell.expired.title });
    await dialog.waitFor();
    await dialog.locator('input[type=password]:focus').waitFor();
    await shot(page, 'session-ended');
    await axe(page);
    expect(await dialog.getByLabel(en.login.username, { exact: true }).inputValue()).toBe('busy');
    expect(await drawer.getByLabel(en.users.username).inputValue()).toBe('typed-before');
    await dialog.getByLabel(en.login.password, { exact: true }).fill(adminPassword);
    await dialog.getByRole('button', { name: en.login.submit }).click();
    // What was sent goes on by itself.
    await drawer.waitFor({ state: 'hidden' });
    await page.getByRole('cell', { name: 'typed-before' }).first().waitFor();
  });

  it('ends with signing out, here or everywhere', async () => {
    await stage.addUser('leaver', 'analyst');
    const elsewhere = await Api.signIn(stage.url, 'leaver', adminPassword);
    const page = await stage.open('/login', { as: null });
    await signIn(page, 'leaver', adminPassword);
    const account = page.getByRole('button', { name: `${en.shell.account}: leaver` });
    await account.click();
    await page.getByRole('menuitem', { name: en.shell.signOut, exact: true }).click();
    await heading(page, en.login.title).waitFor();
    await elsewhere.get('/api/auth/me');

    await signIn(page, 'leaver', adminPassword);
    await account.click();
    await page.getByRole('menuitem', { name: en.shell.signOutEverywhere }).click();
    const ask = page.getByRole('dialog');
    await ask.getByText(en.shell.signOutEverywhereText).waitFor();
    await ask.getByRole('button', { name: en.shell.signOutEverywhere }).click();
    await heading(page, en.login.title).waitFor();
    await expect(elsewhere.get('/api/auth/me')).rejects.toThrow('401');
    await page.goto('/users');
    await heading(page, en.login.title).waitFor();
  });
});

inBothLanguages((language, words) => {
  it('a first password is replaced before anything else', async () => {
    const username = `newcomer-${language.toLowerCase()}`;
    await stage.admin.post('/api/admin/users', { username, password: 'chosen by another', role: 'analyst' });
    const page = await stage.open('/login', { as: null, language, allow: [{ status: 422, path: '/api/auth/password' }] });
    await signIn(page, username, 'chosen by another', words);
    const dialog = page.getByRole('dialog').filter({ hasText: words.login.change.title });
    await dialog.waitFor();
    await page.keyboard.press('Escape');
    await axe(page);
    await shot(page, `first-password-${language}`);

    const change = async (current: string, next: string, again = next) => {
      await dialog.getByLabel(words.login.change.current, { exact: true }).fill(current);
      await dialog.getByLabel(words.login.change.next, { exact: true }).fill(next);
      await dialog.getByLabel(words.login.change.again, { exact: true }).fill(again);
      await dialog.getByRole('button', { name: words.login.change.submit }).click();
    };
    await change('chosen by another', 'short');
    await dialog.locator('.ant-form-item-explain-error').getByText(words.login.change.length).waitFor();
    await change('chosen by another', 'a better one', 'a bitter one');
    await dialog.getByText(words.login.change.differ).waitFor();
    await change('not the one', 'a better one');
    await dialog.getByText('is not your password').waitFor();
    await change('chosen by another', 'a better one');
    await dialog.waitFor({ state: 'hidden' });
    await page.reload();
    await heading(page, words.dashboard.title).waitFor();
    expect(await dialog.count()).toBe(0);
  });
});

it('is good to look at', () =>
  lookAt(stage, 'login', '/login', (page, language) => heading(page, wordsOf(language).login.title).waitFor(), { as: null }));
