import { execFileSync } from 'node:child_process';
import { expect } from 'vitest';
import { adminPassword, fill, type Stage, type wordsOf } from '../harness';
import type { Hand } from './hand';

type Words = ReturnType<typeof wordsOf>;

/** Task 1: from the first opening of an empty server to the first answer that an app gets. */
export async function firstAnswer(hand: Hand, stage: Stage, words: Words): Promise<void> {
  await signIn(hand, stage.server.madePassword(), words);
  await addKey(hand, `${stage.server.simulatorUrl}/v1`, words);
  await ask(hand, words);
  const { token, program } = await makeToken(hand, words);
  expect(program).toContain(token);
  expect(run(program)).toContain('Hello from the simulator');
  await hand.see(hand.page.getByText(words.welcome.finished.title));
  await hand.see(hand.page.getByText(fill(words.welcome.progress, { count: 5, all: 5 })));
}

async function signIn(hand: Hand, made: string, { login, welcome }: Words) {
  const { page } = hand;
  const field = (name: string) => page.getByLabel(name, { exact: true });
  await hand.type(field(login.username), 'admin');
  await hand.press('Tab');
  await hand.paste(field(login.password), made);
  await hand.press('Enter');
  await hand.paste(field(login.change.current), made);
  await hand.press('Tab');
  await hand.type(field(login.change.next), adminPassword);
  await hand.press('Tab');
  await hand.type(field(login.change.again), adminPassword);
  await hand.press('Enter');
  await hand.see(page.getByRole('heading', { level: 1, name: welcome.title }));
}

/** The key of a server of one's own that speaks OpenAI's protocol: the simulator. */
async function addKey(hand: Hand, baseUrl: string, { welcome }: Words) {
  const { page } = hand;
  await hand.click(page.getByText(welcome.key.more, { exact: true }));
  await hand.type(page.locator('#other'), welcome.key.own.slice(0, 6));
  await hand.see(page.locator('.ant-select-item-option-active', { hasText: welcome.key.own }));
  await hand.press('Enter');
  await hand.type(page.locator('#providerName'), 'My simulator');
  await hand.paste(page.locator('#baseUrl'), baseUrl);
  await hand.paste(page.locator('#apiKey'), 'sk-anything');
  await hand.press('Enter');
  await hand.see(page.locator('[data-step=check][data-done=true]'));
}

async function ask(hand: Hand, { welcome }: Words) {
  const { page } = hand;
  await hand.click(page.locator('.step-body').getByRole('button', { name: welcome.answer.send }));
  await hand.see(page.getByText('Hello from the simulator').first());
  await hand.see(page.locator('[data-step=answer][data-done=true]'));
}

/** Makes a token, and copies the curl that has it. */
async function makeToken(hand: Hand, { welcome, common }: Words) {
  const { page } = hand;
  await hand.click(page.locator('.step-body').getByRole('button', { name: welcome.token.make }));
  const token = await page.getByTestId('secret').first().textContent();
  await hand.see(page.locator('[data-step=token][data-done=true]'));
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await hand.click(page.locator('.snippet').first().getByRole('button', { name: common.copy }));
  const program = await page.evaluate(() => navigator.clipboard.readText());
  return { token: token ?? 'no token', program };
}

/** Runs what was copied, as it was copied. */
function run(program: string): string {
  return execFileSync('sh', ['-c', program], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 30_000 });
}
