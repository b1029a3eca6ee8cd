import { expect } from 'vitest';
import { fill, type Stage, type wordsOf } from '../harness';
import { callAs, type Caller } from './caller';
import type { Front } from './front';
import type { Hand } from './hand';

const SPENT = 'sk-sim-fast-of-the-first-choice';

/** A call whose first key was out, so that another one carried it; its request id. */
export async function givenOddCall(stage: Stage, front: Front, app: Caller): Promise<string> {
  const body = { keyName: 'first choice', apiKey: SPENT, priority: 900 };
  await stage.admin.post(`/api/admin/ai-providers/${stage.providerId}/keys`, body);
  front.dry.add(SPENT);
  const { status, requestId } = await callAs(app, 'openai/gpt-4o');
  expect(status).toBe(200);
  for (;;) {
    const { logs } = await stage.admin.get<{ logs: { requestId: string }[] }>('/api/admin/ai-stats/logs?pageSize=5');
    if (logs.some((call) => call.requestId === requestId)) return requestId;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Task 3: why did this call go to that key and cost that much? One search, one drawer. */
export async function oneCall(hand: Hand, requestId: string, words: ReturnType<typeof wordsOf>): Promise<void> {
  const { page } = hand;
  const { logs: t } = words;
  await hand.see(page.getByRole('heading', { level: 1 }));
  await hand.press('Control+k');
  await hand.paste(page.getByRole('combobox', { name: words.shell.palette.title }), requestId);
  await hand.see(page.getByRole('option', { name: fill(words.shell.palette.call, { id: requestId }) }));
  await hand.press('Enter');

  const drawer = page.getByRole('dialog');
  const way = drawer.getByRole('region', { name: t.call.way });
  await hand.see(way);
  expect(await drawer.getByTestId('attempt').count()).toBe(2);
  await hand.see(way.getByText('first choice').first());
  await hand.see(way.getByText(t.why.after.another_key.split('{{')[0]?.trim() ?? '').first());
  const cost = drawer.getByTestId('cost');
  await hand.see(cost.getByText(t.bucket.prompt, { exact: true }));
  const total = await cost.locator('tfoot td').last().textContent();
  expect(Number(total?.replace('$', ''))).toBeGreaterThan(0);
}
