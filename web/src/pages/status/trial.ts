import { useSyncExternalStore } from 'react';
import { api, call } from '@/api/client';
import { asApiError, type ApiError } from '@/api/errors';
import { queryClient } from '@/api/query';
import type { components } from '@/api/schema';

export type Verdict = components['schemas']['KeyResult'];

/** What each key is asked. */
export interface Question {
  prompt: string;
  model?: string | undefined;
}

/** A key that is to be tried. */
export interface Tried {
  keyId: number;
  keyName: string;
  providerCode: string;
}

/** A test of keys under way; it goes on while the person is on another page. */
export interface Trial {
  state: 'none' | 'running' | 'done' | 'stopped';
  keys: readonly Tried[];
  verdicts: Verdict[];
  /** A failure that is no key's: the question was refused, or the server is away. */
  error: ApiError | null;
}

/** Keys asked at a time. */
const AT_A_TIME = 4;

const none: Trial = { state: 'none', keys: [], verdicts: [], error: null };
let current = none;
let stop: AbortController | null = null;
const listeners = new Set<() => void>();

function set(next: Partial<Trial>) {
  current = { ...current, ...next };
  for (const listener of [...listeners]) listener();
}

async function ask({ prompt, model }: Question, keyId: number, signal: AbortSignal) {
  const body = { prompt, keyId, ...(model ? { model } : {}) };
  const { results } = await call(api.POST('/api/status/test', { body, signal }));
  set({ verdicts: [...current.verdicts, ...results] });
}

/** The one test of this tab: a call for each key, some at a time, so that each verdict is told when it is there. */
export const trial = {
  state: () => current,

  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },

  /** @throws ApiError where the question was refused: nothing more is asked then. */
  async start(question: Question, keys: readonly Tried[]): Promise<void> {
    const abort = new AbortController();
    stop = abort;
    set({ state: 'running', keys, verdicts: [], error: null });
    const left = [...keys];
    const worker = async () => {
      for (let key = left.shift(); key && !abort.signal.aborted; key = left.shift()) await ask(question, key.keyId, abort.signal);
    };
    try {
      await Promise.all(Array.from({ length: AT_A_TIME }, worker));
      set({ state: abort.signal.aborted ? 'stopped' : 'done' });
    } catch (thrown) {
      const isOurs = abort.signal.aborted;
      abort.abort();
      set({ state: 'stopped', error: isOurs ? null : asApiError(thrown) });
      if (!isOurs) throw thrown;
    } finally {
      await queryClient.invalidateQueries({ queryKey: ['status'] });
    }
  },

  stop: () => stop?.abort(),
  forget: () => set(none),
};

/** How the test fares. */
export function useTrial(): Trial {
  return useSyncExternalStore(trial.subscribe, trial.state);
}
