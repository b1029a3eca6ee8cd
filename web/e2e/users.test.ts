import { describe, expect, it } from 'vitest';
import { Api, adminPassword, fill, inBothLanguages, lookAt, useStage } from './harness';

const stage = useStage();

interface User {
  id: number;
  username: string;
  role: string;
  isActive: boolean;
}

const users = () => stage.admin.get<User[]>('/api/admin/users');
const named = async (name: string) => (await users()).find((user) => user.username === name);

describe('users', () => {
  it('looks right in every way', async () => {
    await lookAt(stage, 'users', '/users', (page) => page.getByRole('row', { name: /analyst/ }).waitFor());
    await lookAt(stage, 'users-new', '/users?user=new', (page) => page.getByRole('dialog').waitFor());
    await lookAt(stage, 'users-one', '/users?user=1', (page) => page.getByText('127.0.0.1').first().waitFor());
  });

  inBothLanguages((language, words) => {
    const { users: text, common } = words;

    it('adds one with a first password, who signs in and is asked for a password of their own', async () => {
      const name = `carla-${language}`;
      const page = await stage.open('/users', { language });
      await page.getByRole('button', { name: text.create }).click();
      await page.getByRole('textbox', { name: text.username }).fill(name);
      await page.getByRole('button', { name: text.password.make }).click();
      const password = await page.locator('#password').inputValue();
      expect(password.length).toBeGreaterThan(20);
      await page.getByRole('radio', { name: common.roles.app }).check();
      await page.getByRole('dialog').getByRole('button', { name: text.create }).click();

      await page.getByText(text.firstPassword).first().waitFor();
      await expect.poll(() => named(name), { timeout: 20_000 }).toMatchObject({ role: 'app', isActive: true });
      const signed = await fetch(`${stage.url}/api/auth/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ username: name, password }),
      });
      const grant = (await signed.json()) as { data: { user: { mustChangePassword: boolean } } };
      expect(grant.data.user.mustChangePassword).toBe(true);
    });

    it('keeps what was typed and shows the refusal beside the field', async () => {
      const allow = [{ status: 409, path: '/api/admin/users' }, { status: 422, path: '/api/admin/users' }];
      const page = await stage.open('/users?user=new', { language, allow });
      const dialog = page.getByRole('dialog');
      await dialog.getByRole('button', { name: text.create }).click();
      await dialog.getByText(words.components.form.required).first().waitFor();
      await page.getByRole('textbox', { name: text.username }).fill('two words');
      await page.locator('#password').fill('long enough 1');
      await dialog.getByRole('button', { name: text.create }).click();
      await dialog.getByText('must be letters, digits and _ . @ - alone').waitFor();
      await page.getByRole('textbox', { name: text.username }).fill('ANALYST');
      await dialog.getByRole('button', { name: text.create }).click();
      await dialog.locator('.ant-form-item-explain-error').first().waitFor();
      expect(await page.getByRole('textbox', { name: text.username }).inputValue()).toBe('ANALYST');
      expect(await page.locator('#password').inputValue()).toBe('long enough 1');
    });

    it('changes the role, ends sessions, resets the password, deactivates, activates and deletes', async () => {
      const name = `dora-${language}`;
      await stage.addUser(name, 'analyst');
      const { id } = (await named(name)) as User;
      const page = await stage.open(`/users?user=${id}`, { language });
      await page.getByRole('button', { name: common.edit }).click();
      await page.getByRole('radio', { name: common.roles.app }).check();
      await page.getByRole('button', { name: common.save }).click();
      await expect.poll(async () => (await named(name))?.role).toBe('app');

      const dora = await Api.signIn(stage.url, name, adminPassword);
      await dora.get('/api/auth/me');
      await page.getByRole('button', { name: text.sessions.end }).click();
      await page.getByRole('dialog').last().getByRole('button', { name: text.sessions.end }).click();
      await page.getByText(text.sessions.none, { exact: true }).waitFor();
      await expect(dora.get('/api/auth/me')).rejects.toThrow('401');

      await page.getByRole('button', { name: text.password.reset }).click();
      await page.locator('#password').fill('another password');
      await page.getByRole('button', { name: text.password.set, exact: true }).click();
      await page.getByText(fill(text.password.done, { name })).waitFor();
      await Api.signIn(stage.url, name, 'another password');

      await page.getByRole('button', { name: text.deactivate }).click();
      await page.getByRole('dialog').last().getByRole('button', { name: text.deactivate }).click();
      await page.getByRole('button', { name: text.activate, exact: true }).click();
      await expect.poll(async () => (await named(name))?.isActive).toBe(true);

      await page.getByRole('button', { name: common.delete }).click();
      await page.getByText(text.deleteText).first().waitFor();
      await page.getByRole('dialog').last().getByRole('button', { name: common.delete }).click();
      await expect.poll(() => named(name)).toBeUndefined();
    });

    it('lets the last administrator stay', async () => {
      const page = await stage.open('/users?user=1', { language });
      await page.getByText(text.lastAdmin).first().waitFor();
      expect(await page.getByRole('button', { name: common.delete }).isDisabled()).toBe(true);
      await page.getByRole('button', { name: common.edit }).click();
      expect(await page.getByRole('radio', { name: common.roles.app }).isDisabled()).toBe(true);
    });

    it('is closed to analysts and app developers', async () => {
      for (const as of ['analyst', 'app'] as const) {
        const page = await stage.open('/users', { as, language });
        await page.getByText(words.shell.forbidden.title).waitFor();
      }
    });
  });

  it('asks before what was typed is lost', async () => {
    const page = await stage.open('/users?user=new');
    await page.getByRole('textbox', { name: 'User name' }).fill('nobody');
    await page.keyboard.press('Escape');
    await page.getByText('Leave without saving?').last().waitFor();
    await page.getByRole('button', { name: 'Go on editing' }).click();
    expect(await page.getByRole('textbox', { name: 'User name' }).inputValue()).toBe('nobody');
  });

  it('is used by keys alone', async () => {
    const page = await stage.open('/users');
    await page.getByRole('row', { name: /analyst/ }).focus();
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor();
    await page.keyboard.press('Escape');
    await expect.poll(() => new URL(page.url()).search).toBe('');
  });
});
