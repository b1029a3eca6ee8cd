import { expect } from 'vitest';
import { fill, type Stage, type wordsOf } from '../harness';
import { callAs, type Caller } from './caller';
import type { Front } from './front';
import type { Hand } from './hand';

const OLD = 'sim-chat';
const NEW = 'sim-chat-2';
/** Near enough that the pages warn of it. */
const LAST_DAY = new Date(Date.now() + 45 * 86_400_000).toISOString().slice(0, 10);

interface Model {
  modelCode: string;
  isDefault: boolean;
  shutdownDate: string | null;
  costPer1kPromptTokens: number | null;
}

/** The provider has a new model, and tells the last day of the old one, which is its default here and in use. */
export async function givenNewModel(stage: Stage, front: Front, app: Caller): Promise<void> {
  await stage.admin.put(`/api/admin/ai-providers/${stage.providerId}`, { defaultModel: OLD });
  expect((await callAs(app, `openai/${OLD}`)).status).toBe(200);
  front.models.set(NEW, { created: 1_790_000_000, owned_by: 'simulator' });
  front.models.set(OLD, { shutdown_date: LAST_DAY });
}

/** Task 5: a new model came out: synced, priced, tried, made the default, the old one's last day seen. */
export async function newModel(hand: Hand, stage: Stage, words: ReturnType<typeof wordsOf>): Promise<void> {
  const { page } = hand;
  await sync(hand, words);
  await price(hand, words);
  await tryIt(hand, words);

  await hand.back();
  await hand.click(page.getByRole('button', { name: words.models.actions.makeDefault, exact: true }));
  await hand.see(page.getByText(words.models.tags.default, { exact: true }));
  await hand.click(page.getByRole('menuitem', { name: words.models.title, exact: true }));
  const warning = page.getByRole('alert').filter({ hasText: `${OLD} ` }).filter({ hasText: words.models.warning.show });
  await hand.see(warning);
  expect(await warning.innerText()).toContain(LAST_DAY.slice(0, 4));

  const models = await stage.admin.get<Model[]>(`/api/admin/ai-models?providerId=${stage.providerId}`);
  const modelOf = (code: string) => models.find((model) => model.modelCode === code);
  expect(modelOf(NEW)).toMatchObject({ isDefault: true, costPer1kPromptTokens: 0.0025 });
  expect(modelOf(OLD)).toMatchObject({ isDefault: false, shutdownDate: LAST_DAY });
}

async function sync(hand: Hand, { providers }: ReturnType<typeof wordsOf>) {
  const { page } = hand;
  await hand.click(page.locator('[data-provider=openai]').getByRole('button', { name: fill(providers.card.more, { name: 'OpenAI' }) }));
  await hand.click(page.getByRole('menuitem', { name: providers.actions.sync }));
  await hand.see(page.getByRole('region', { name: providers.sync.added }).getByText(NEW, { exact: true }));
  await hand.see(page.getByRole('region', { name: providers.sync.updated }).getByText(LAST_DAY));
  await hand.click(page.getByRole('button', { name: providers.sync.apply }));
  await hand.click(page.getByRole('button', { name: providers.sync.toModels }));
}

async function price(hand: Hand, { models, providers }: ReturnType<typeof wordsOf>) {
  const { page } = hand;
  await hand.type(page.getByRole('searchbox', { name: providers.models.search }), NEW);
  await hand.click(page.getByRole('row').filter({ hasText: NEW }));
  await hand.click(page.getByRole('button', { name: models.prices.new }));
  await hand.type(page.locator('#costPer1kPromptTokens'), '2.5');
  await hand.press('Tab');
  await hand.type(page.locator('#costPer1kCompletionTokens'), '10');
  await hand.press('Control+Enter');
  await hand.see(page.getByText('$2.50', { exact: true }).first());
}

async function tryIt(hand: Hand, { models, playground }: ReturnType<typeof wordsOf>) {
  const { page } = hand;
  await hand.click(page.getByRole('button', { name: models.actions.try }));
  await hand.type(page.getByRole('textbox', { name: playground.message, exact: true }), 'Hello?');
  await hand.press('Enter');
  await hand.see(page.locator('.answer[data-state=done]'));
  await hand.see(page.locator('.facts').last().getByText(playground.facts.cost, { exact: true }));
}
