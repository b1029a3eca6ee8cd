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
  for (const listener of [...listeners]) listener();
}

async function isThere(): Promise<boolean> {
  try {
    return (await fetch('/health/live', { cache: 'no-store' })).ok;
  } catch {
    return false;
  }
}

async function look() {
  if (await isThere()) set(false);
  else timer = setTimeout(() => void look(), PERIOD_MS);
}

/** Whether the server answers; whoever finds that it does not says so here. */
export const connection = {
  isOffline: () => isOffline,
  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },
  /** No answer came: from now on the server is asked until it answers. */
  lost() {
    if (isOffline) return;
    set(true);
    clearTimeout(timer);
    timer = setTimeout(() => void look(), PERIOD_MS);
  },
  /** Asks now whether the server is there. */
  async check(): Promise<boolean> {
    const there = await isThere();
    if (there) connection.found();
    else connection.lost();
    return there;
  },
  /** Resolves when the server answers. */
  back(): Promise<void> {
    if (!isOffline) return Promise.resolve();
    return new Promise((resolve) => {
      const stop = connection.subscribe(() => {
        stop();
        resolve();
      });
    });
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
