import { useSyncExternalStore } from 'react';
import { asApiError } from '@/api/errors';
import { eachOf } from '@/components/each-of';

/** What is done to several keys. */
export type WorkKind = 'validate' | 'on' | 'off' | 'delete' | 'reset';

/** What became of one of them. */
export interface Outcome {
  id: number;
  name: string;
  isOk: boolean;
  /** Why not. */
  reason: string | null;
  requestId: string | null;
}

/** Work on several keys: it goes on while other pages are looked at. */
export interface Work {
  kind: WorkKind;
  total: number;
  outcomes: readonly Outcome[];
  isOver: boolean;
}

interface Item {
  id: number;
  name: string;
}

const works = new Map<number, Work>();
const listeners = new Set<() => void>();

function set(providerId: number, work: Work | null) {
  if (work) works.set(providerId, work);
  else works.delete(providerId);
  for (const listener of [...listeners]) listener();
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** The work on a provider's keys: under way, or over and not yet put away. */
export function useWork(providerId: number): Work | undefined {
  return useSyncExternalStore(subscribe, () => works.get(providerId));
}

/** Puts what is over out of sight. */
export function putAway(providerId: number) {
  if (works.get(providerId)?.isOver) set(providerId, null);
}

/**
 * Does the same to several keys, a few at a time, and keeps what became of each; resolves when it is over.
 * `act` answers why it did not do, or null; a failure of the request counts as well. While other work on these keys is
 * under way nothing happens.
 */
export async function startWork(
  providerId: number,
  kind: WorkKind,
  items: readonly Item[],
  act: (item: Item) => Promise<string | null>,
): Promise<readonly Outcome[]> {
  const running = works.get(providerId);
  if (running && !running.isOver) return [];
  let work: Work = { kind, total: items.length, outcomes: [], isOver: items.length === 0 };
  set(providerId, work);
  const tell = (outcome: Outcome) => {
    work = { ...work, outcomes: [...work.outcomes, outcome] };
    set(providerId, work);
  };
  await eachOf(items, async (item) => tell(await outcomeOf(item, act)));
  work = { ...work, isOver: true };
  set(providerId, work);
  return work.outcomes;
}

async function outcomeOf(item: Item, act: (item: Item) => Promise<string | null>): Promise<Outcome> {
  try {
    const reason = await act(item);
    return { ...item, isOk: reason === null, reason, requestId: null };
  } catch (thrown) {
    const error = asApiError(thrown);
    return { ...item, isOk: false, reason: error.message, requestId: error.requestId };
  }
}
