import { describe, expect, it } from 'vitest';
import { Api, inBothLanguages, lookAt, useStage } from './harness';

const empty = useStage({ empty: true });
const full = useStage();

describe('first steps', () => {
  it('looks right in every way', async () => {
    await lookAt(empty, 'welcome-empty', '/welcome', (page) => page.locator('#apiKey').waitFor());
    for (const step of ['check', 'answer', 'token', 'call']) {
      await lookAt(full, `welcome-${step}`, `/welcome?step=${step}`, (page) => page.locator('.step-body').waitFor());
    }
  });

  it('lead from nothing to the call of an app, in under two minutes', async () => {
    const begun = Date.now();
    const page = await empty.open('/welcome');
    // A server of one's own that speaks OpenAI's protocol: the simulator.
    await page.getByText('Another…').click();
    await page.locator('#other').click();
    await page.locator('#other').fill('My own');
    await page.keyboard.press('Enter');
    await page.locator('#providerName').fill('My simulator');
    await page.locator('#baseUrl').fill(`${empty.server.simulatorUrl}/v1`);
    await page.locator('#apiKey').fill('sk-anything');
    await page.getByRole('button', { name: 'Add and validate' }).click();
    await page.locator('[data-step=key][data-done=true]').waitFor();
    await page.locator('[data-step=check][data-done=true]').waitFor();

    await page.getByRole('button', { name: /Ask$/ }).click();
    await page.getByText('Hello from the simulator').first().waitFor();
    await page.locator('[data-step=answer][data-done=true]').waitFor();

    await page.getByRole('button', { name: 'Make token' }).click();
    const token = await page.getByTestId('secret').first().textContent();
    await page.locator('[data-step=token][data-done=true]').waitFor();
    await page.getByRole('tab', { name: 'curl' }).waitFor();
    expect(await page.locator('.snippet').first().textContent()).toContain(token ?? '?');
    expect(await page.locator('.snippet').first().textContent()).toContain(`${empty.url}/v1/chat/completions`);

    const app = new Api(empty.url, token ?? '');
    const models = await app.get<{ id: string }[]>('/api/ai/models');
    await app.post('/api/ai/chat/completions', { model: models[0]?.id, messages: [{ role: 'user', content: 'Hello' }] });
    await page.locator('[data-step=call][data-done=true]').waitFor();
    await page.getByText('All is set up').waitFor();
    expect(Date.now() - begun).toBeLessThan(120_000);
    await page.reload();
    await page.getByText('5 of 5 done').waitFor();
  });

  inBothLanguages((language, { welcome: text, shell }) => {
    it('say why a key is refused, and take another one in its place', async () => {
      const page = await full.open('/welcome?step=key', { language });
      await page.locator('#apiKey').fill('sk-sim-error-401');
      await page.getByRole('button', { name: text.key.add }).click();
      await page.getByText(text.verdict.remedy).waitFor();
      await page.locator('#apiKey').fill(`sk-good-${language}`);
      await page.getByRole('button', { name: text.key.replace }).click();
      await page.getByText(text.verdict.good.split('{{')[0]?.trim() ?? '').waitFor();
    });

    it('need a key to go on, and say so', async () => {
      const page = await full.open('/welcome?step=key', { language });
      await page.getByRole('button', { name: text.key.add }).click();
      await page.getByText(text.key.needed).first().waitFor();
    });

    it('are closed to analysts', async () => {
      const page = await full.open('/welcome', { as: 'analyst', language });
      await page.getByText(shell.forbidden.title).waitFor();
    });
  });
});
