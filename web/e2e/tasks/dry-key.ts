import { expect } from 'vitest';
import { type Stage, type wordsOf } from '../harness';
import type { Front } from './front';
import type { Hand } from './hand';
import { callAs, type Caller } from './caller';

const SPENT = 'sk-sim-fast-of-the-spent-account';
const FRESH = 'sk-sim-fast-of-another-account';

/** A key that carried the calls of an app until its credit was spent. */
export async function givenDryKey(stage: Stage, front: Front, app: Caller): Promise<void> {
  await stage.admin.put(`/api/admin/ai-providers/keys/${stage.keyId}`, { apiKey: SPENT });
  for (let calls = 0; calls < 3; calls += 1) expect((await callAs(app)).status).toBe(200);
  front.dry.add(SPENT);
  expect((await callAs(app)).status).not.toBe(200);
}

/** Task 2: a key has run dry: seen on the dashboard, understood, replaced, verified. */
export async function dryKey(hand: Hand, app: Caller, words: ReturnType<typeof wordsOf>): Promise<void> {
  const { page } = hand;
  const { dashboard, keys, components } = words;
  const trouble = page.locator('.trouble', { hasText: 'openai / main' });
  await hand.see(trouble.getByText(components.state.quota_exceeded));
  await hand.click(trouble.getByText(dashboard.attention.mend, { exact: true }));

  // Which, why, since when, who is affected.
  const drawer = page.getByRole('dialog');
  await hand.see(drawer.getByText('main', { exact: true }).first());
  await hand.see(drawer.getByText(keys.what.quota_exceeded));
  await hand.see(drawer.getByText(keys.details.why, { exact: true }));
  await hand.see(drawer.getByText(keys.details.since, { exact: true }));
  const affected = drawer.getByRole('region', { name: keys.details.affected });
  await hand.see(affected.getByRole('row').filter({ hasText: app.name }));

  await hand.click(drawer.getByRole('button', { name: keys.does.replace }));
  await hand.paste(page.locator('#apiKey'), FRESH);
  await hand.press('Enter');
  // The provider was asked about it at once.
  await hand.see(page.getByRole('row').filter({ hasText: 'main' }).getByText(components.state.normal));
  await expect.poll(() => drawer.getByText(keys.details.never, { exact: true }).count(), { timeout: 30_000 }).toBe(0);
  expect((await callAs(app)).status).toBe(200);
}
