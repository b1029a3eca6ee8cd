/* eslint-disable no-restricted-globals -- asks for the server's health, without a session */
import { useSyncExternalStore } from 'react';

/** How often a server that does not answer is asked again. */
const PERIOD_MS = 3000;

let isOffline = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function set(offline: boolean) {
  if (offline === isOffline) return;
  isOffline = offline;
  for (const listener of listeners) listener();
}

async function look() {
  try {
    const response = await fetch('/health/live', { cache: 'no-store' });
    if (response.ok) {
      set(false);
      return;
    }
  } catch {
    // Still away.
  }
  timer = setTimeout(() => void look(), PERIOD_MS);
}

/** Whether the server answers; whoever finds that it does not says so here. */
export const connection = {
  isOffline: () => isOffline,
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => listeners.delete(listener);
  },
  /** No answer came: from now on the server is asked until it answers. */
  lost() {
    if (isOffline) return;
    set(true);
    clearTimeout(timer);
    timer = setTimeout(() => void look(), PERIOD_MS);
  },
  /** An answer came. */
  found() {
    clearTimeout(timer);
    set(false);
  },
};

/** Whether the server does not answer now. */
export function useOffline(): boolean {
  return useSyncExternalStore(connection.subscribe, connection.isOffline);
}
