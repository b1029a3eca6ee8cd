import { useSyncExternalStore } from 'react';
import { session } from '@/app/session';

/** The token that was made here: shown once, and put into the programs of the next step until the page is left. */
let made: string | undefined;
const listeners = new Set<() => void>();

export function keepToken(token: string | undefined): void {
  made = token;
  for (const listener of listeners) listener();
}

session.subscribe(() => {
  if (session.state().status === 'out' && made !== undefined) keepToken(undefined);
});

export function useMadeToken(): string | undefined {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    () => made,
  );
}
