import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { languages, shot, useStage, wordsOf, type Language } from './harness';
import { givenApp, type Caller } from './tasks/caller';
import { dryKey, givenDryKey } from './tasks/dry-key';
import { firstAnswer } from './tasks/first-answer';
import { Front } from './tasks/front';
import { Hand, type Effort } from './tasks/hand';
import { givenNewModel, newModel } from './tasks/new-model';
import { givenOddCall, oneCall } from './tasks/one-call';
import { report } from './tasks/report';
import { spend } from './tasks/spend';

/** The five tasks that decide whether the pages are any good, each from its beginning to its end. */
const efforts = new Map<string, Effort>();
afterAll(() => report(efforts));

/** A whole way through the pages, on a busy machine. */
const LONG_MS = 180_000;

/** Plays a task, and bounds what one has to do for it: clicks, and clicks and keys together. */
async function played(name: string, page: Page, most: { clicks: number; actions: number }, task: (hand: Hand) => Promise<void>) {
  const hand = new Hand(page);
  try {
    await task(hand);
  } finally {
    await shot(page, `task-${name}`);
  }
  const effort = hand.effort();
  efforts.set(name, effort);
  expect(effort.clicks).toBeLessThanOrEqual(most.clicks);
  expect(effort.clicks + effort.keys + effort.fields).toBeLessThanOrEqual(most.actions);
}

for (const language of languages) {
  describe(`an empty server, ${language}`, () => {
    const stage = useStage({ isFirstStart: true });

    it('gives an app its first answer', async () => {
      const page = await stage.open('/', { as: null, language });
      await played(`1 first answer (${language})`, page, { clicks: 10, actions: 30 }, (hand) => firstAnswer(hand, stage, wordsOf(language)));
    }, LONG_MS);
  });
}

describe('a server with a past', () => {
  const stage = useStage({ history: { rows: 6000, days: 90 } });
  let front: Front;
  let app: Caller;
  const tell = (language: Language) => wordsOf(language);

  beforeAll(async () => {
    front = await Front.begin(stage.server.simulatorUrl);
    await stage.admin.put(`/api/admin/ai-providers/${stage.providerId}`, { baseUrl: front.url });
    app = await givenApp(stage, 'web shop');
  });
  afterAll(() => front.end());

  it('tells which key ran dry, why, since when and for whom, and takes another in its place', async () => {
    await givenDryKey(stage, front, app);
    const page = await stage.open('/');
    await played('2 dry key', page, { clicks: 3, actions: 6 }, (hand) => dryKey(hand, app, tell('en')));
  }, LONG_MS);

  it('explains the way and the cost of one call in one drawer', async () => {
    const requestId = await givenOddCall(stage, front, app);
    const page = await stage.open('/');
    await played('3 one call explained', page, { clicks: 0, actions: 4 }, (hand) => oneCall(hand, requestId, tell('en')));
  }, LONG_MS);

  it('tells who spent what last month, by app and model, against the month before, and exports it', async () => {
    const page = await stage.open('/', { as: 'analyst' });
    await played('4 spend of last month', page, { clicks: 2, actions: 2 }, (hand) => spend(hand, stage, tell('en')));
  }, LONG_MS);

  it('takes in a new model: synced, priced, tried, made the default, the old one’s last day told', async () => {
    await givenNewModel(stage, front, app);
    const page = await stage.open('/providers');
    await played('5 new model', page, { clicks: 11, actions: 19 }, (hand) => newModel(hand, stage, tell('en')));
  }, LONG_MS);
});
