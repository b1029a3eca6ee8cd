import { useSyncExternalStore } from 'react';

/** One ticking clock for the page, so that a hundred countdowns cost one timer. */
let now = Date.now();
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function subscribe(listener: () => void) {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    for (const each of [...listeners]) each();
  }, 1000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

function read(): number {
  // Before the first tick, and after a pause, the clock is set.
  if (timer === undefined && Math.abs(Date.now() - now) > 1000) now = Date.now();
  return now;
}

/** The time in milliseconds, anew each second; with `everyMs` anew each time so much is over. */
export function useNow(everyMs = 1000): number {
  return useSyncExternalStore(subscribe, () => {
    const at = read();
    return everyMs <= 1000 ? at : at - (at % everyMs);
  });
}
