import { ask } from '@/components/chat/ask';
import { beforeLastAnswer, newId, type Entry, type Results } from '@/components/chat/conversation';
import type { Pane } from '@/components/chat/pane';
import { bodyOf } from '@/components/chat/request';
import { playground, takeDraft } from './store';

/** A column with the model that it asks. */
export interface Column {
  pane: Pane;
  model: string;
}

function run({ pane, model }: Column, entries: readonly Entry[]): void {
  void pane.run(entries, bodyOf(model, playground.parameters.get(), entries), ask);
}

/** Sends what was typed to every column. */
export function send(columns: readonly Column[]): boolean {
  const question = takeDraft();
  if (!question) return false;
  for (const column of columns) run(column, [...column.pane.snapshot().entries, question]);
  return true;
}

/** Asks the last question of a column again, with what is set now. */
export function askAgain(column: Column): void {
  run(column, beforeLastAnswer(column.pane.snapshot().entries));
}

/** Asks a column what another one was asked. */
export function askAsWell(column: Column, other: Pane): void {
  run(column, beforeLastAnswer(other.snapshot().entries));
}

/** Goes on with what the tools came to. */
export function sendResults(column: Column, results: Record<string, string>): void {
  const entry: Results = { kind: 'results', id: newId(), results };
  run(column, [...column.pane.snapshot().entries, entry]);
}

/** Takes a question back into the draft, to be asked otherwise; what came after it goes. */
export function takeBack(column: Column, id: string): void {
  const { entries } = column.pane.snapshot();
  const at = entries.findIndex((entry) => entry.id === id);
  const question = entries[at];
  if (question?.kind !== 'question') return;
  column.pane.replace(entries.slice(0, at));
  playground.draft.set({ text: question.text, pictures: question.pictures });
}
