import { describe, expect, it } from 'vitest';
import type { Page } from 'playwright-core';
import { fill, inBothLanguages, lookAt, useStage, wordsOf } from './harness';

const stage = useStage();

const png = Buffer.from('iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg==', 'base64');

const answer = (page: Page, state: string) => page.locator(`.answer[data-state=${state}]`);

async function ask(page: Page, label: string, text: string) {
  await page.getByRole('textbox', { name: label, exact: true }).fill(text);
  await page.keyboard.press('Enter');
}

describe('the playground', () => {
  it('looks right in every way', async () => {
    await lookAt(stage, 'playground', '/playground?model=sim-chat', async (page, language) => {
      await ask(page, wordsOf(language).playground.message, 'Hello? **Bold** words and `code`.');
      await answer(page, 'done').waitFor();
    });
    await lookAt(stage, 'playground-two', '/playground?model=sim-chat&with=sim-reason', async (page, language) => {
      await ask(page, wordsOf(language).playground.message, 'Hello?');
      await expect.poll(() => answer(page, 'done').count()).toBe(2);
    });
  });

  inBothLanguages((language, { playground: text, shell, components }) => {
    it('streams an answer with its times, tokens and cost, and leads to the call', async () => {
      const page = await stage.open('/playground?model=sim-chat', { language });
      await ask(page, text.message, 'Hello?');
      await answer(page, 'done').waitFor();
      const facts = page.locator('.facts').last();
      for (const fact of [text.facts.first, text.facts.total, text.facts.tokens, text.facts.cost]) await facts.getByText(fact, { exact: true }).waitFor();
      await facts.getByRole('link', { name: 'main' }).waitFor();
      await ask(page, text.message, 'And again?');
      await expect.poll(() => answer(page, 'done').count()).toBe(2);
      await page.getByRole('link', { name: text.facts.call }).last().click();
      await expect.poll(() => page.url()).toMatch(/\/logs\/[0-9a-f-]{36}/);
      await page.goBack();
      await expect.poll(() => answer(page, 'done').count()).toBe(2);
    });

    it('lets one type while it streams, and stops', async () => {
      const page = await stage.open('/playground?model=openai%2Fsim-stall-middle', { language });
      await ask(page, text.message, 'Tell me a story that does not end by itself.');
      await answer(page, 'streaming').waitFor();
      const field = page.getByRole('textbox', { name: text.message, exact: true });
      await field.pressSequentially('typed meanwhile');
      expect(await field.inputValue()).toBe('typed meanwhile');
      await page.getByRole('button', { name: text.stop }).click();
      await answer(page, 'stopped').waitFor();
      expect(await field.inputValue()).toBe('typed meanwhile');
    });

    it('asks two models at once', async () => {
      const page = await stage.open('/playground?model=sim-chat', { language });
      await page.getByRole('button', { name: text.compare }).click();
      await expect.poll(() => page.url()).toContain('with=');
      await ask(page, text.message, 'Who are you?');
      await expect.poll(() => answer(page, 'done').count()).toBe(2);
      await page.getByRole('button', { name: text.closeColumn }).click();
      await expect.poll(() => answer(page, 'done').count()).toBe(1);
    });

    it('calls tools and goes on with their results', async () => {
      const page = await stage.open('/playground?model=sim-chat', { language });
      await page.getByRole('button', { name: text.exampleTools }).click();
      await ask(page, text.message, 'The weather in Paris?');
      await page.getByText('get_weather').last().waitFor();
      await page.getByLabel(fill(text.resultOf, { name: 'get_weather' })).fill('{"temperature": 21}');
      await page.getByRole('button', { name: text.sendResults }).click();
      await expect.poll(() => page.locator('.answer').count()).toBe(2);
      await page.locator('#tools').fill('[{');
      await page.getByText(text.fault.json.split('{{')[0]?.trim() ?? '').first().waitFor();
    });

    it('takes pictures, refuses what is none, and warns of models that cannot see', async () => {
      const page = await stage.open('/playground?model=sim-chat', { language });
      await page.getByTestId('pictures').setInputFiles([
        { name: 'dot.png', mimeType: 'image/png', buffer: png },
        { name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') },
      ]);
      await page.getByText(fill(text.pictureFault.type, { name: 'notes.txt' })).waitFor();
      await page.getByText(fill(text.blind, { name: 'sim-chat' })).waitFor();
      await ask(page, text.message, 'What is in it?');
      await answer(page, 'done').waitFor();
      await page.getByRole('img', { name: 'dot.png' }).waitFor();
    });

    it('shows the request as programs', async () => {
      const page = await stage.open('/playground?model=sim-chat', { language });
      await page.getByRole('textbox', { name: text.message, exact: true }).fill('Shown as curl?');
      await page.locator('#system').fill('Be short.');
      await page.getByRole('button', { name: text.request }).click();
      const drawer = page.getByRole('dialog');
      await drawer.getByText('Shown as curl?').waitFor();
      await drawer.getByText('Be short.').waitFor();
      await drawer.getByRole('tab', { name: components.snippets['python-anthropic'] }).click();
      await drawer.getByText('from anthropic import Anthropic').waitFor();
    });

    it('tells a failure with its request id, and asks again', async () => {
      const allow = [{ status: 400, path: '/api/ai/chat' }, { status: 502, path: '/api/ai/chat' }, { status: 503, path: '/api/ai/chat' }];
      // A name of its own in each language: the simulator fails the first call of each name.
      const page = await stage.open(`/playground?model=openai%2Fsim-error-400-first-1-${language}`, { language, allow });
      await ask(page, text.message, 'Hello?');
      await answer(page, 'failed').waitFor();
      await page.getByText(components.requestId).first().waitFor();
      await page.getByRole('button', { name: wordsOf(language).common.retry }).click();
      await answer(page, 'done').waitFor();
    });

    it('serves app developers, and is closed to analysts', async () => {
      const page = await stage.open('/playground?model=sim-chat', { as: 'app', language });
      await ask(page, text.message, 'Hello?');
      await answer(page, 'done').waitFor();
      expect(await page.getByRole('link', { name: text.facts.call }).count()).toBe(0);
      const closed = await stage.open('/playground', { as: 'analyst', language });
      await closed.getByText(shell.forbidden.title).waitFor();
    });
  });
});
