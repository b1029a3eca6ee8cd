import { useSyncExternalStore } from 'react';
import { session } from '@/app/session';
import { newId, type Picture, type Question } from '@/components/chat/conversation';
import { Pane, isBusy, type PaneState } from '@/components/chat/pane';
import { initialParameters, type Parameters } from '@/components/chat/request';

/** What is typed, and not sent yet. */
export interface Draft {
  text: string;
  pictures: Picture[];
}

const emptyDraft: Draft = { text: '', pictures: [] };

/** A value that pages follow and that outlives them: whoever looks at a call and comes back finds it all. */
class Kept<Value> {
  private readonly listeners = new Set<() => void>();

  constructor(
    private value: Value,
    private readonly first = value,
  ) {}

  get = (): Value => this.value;

  set = (value: Value): void => {
    this.value = value;
    for (const listener of this.listeners) listener();
  };

  reset = (): void => this.set(this.first);

  subscribe = (listener: () => void): (() => void) => {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  };
}

/** Both columns, the parameters and the draft; they last until another person signs in, or the page is reloaded. */
export const playground = {
  panes: [new Pane(), new Pane()] as const,
  parameters: new Kept<Parameters>(initialParameters),
  draft: new Kept<Draft>(emptyDraft),

  /** Ends the conversations; the parameters stay. */
  clear(): void {
    for (const pane of this.panes) pane.replace([]);
  },

  forget(): void {
    this.clear();
    this.parameters.reset();
    this.draft.reset();
  },
};

let owner: number | undefined;
session.subscribe(() => {
  const { status, me } = session.state();
  if (status === 'out' || (owner !== undefined && me?.id !== owner)) playground.forget();
  owner = me?.id;
});

export function useParameters(): [Parameters, (change: Partial<Parameters>) => void] {
  const { parameters } = playground;
  const value = useSyncExternalStore(parameters.subscribe, parameters.get);
  return [value, (change) => parameters.set({ ...parameters.get(), ...change })];
}

export function useDraft(): [Draft, (draft: Draft) => void] {
  const { draft } = playground;
  return [useSyncExternalStore(draft.subscribe, draft.get), draft.set];
}

export function usePane(pane: Pane): PaneState {
  return useSyncExternalStore(pane.subscribe, pane.snapshot);
}

/** Whether an answer is under way in one of them; changes only as one begins and ends. */
export function useIsBusy(panes: readonly Pane[]): boolean {
  const subscribe = (listener: () => void) => {
    const stops = panes.map((pane) => pane.subscribe(listener));
    return () => stops.forEach((stop) => stop());
  };
  return useSyncExternalStore(subscribe, () => panes.some((pane) => isBusy(pane.snapshot())));
}

/** The draft as a question, and an empty one in its place. */
export function takeDraft(): Question | null {
  const { text, pictures } = playground.draft.get();
  if (text.trim() === '' && pictures.length === 0) return null;
  playground.draft.reset();
  return { kind: 'question', id: newId(), text, pictures };
}
