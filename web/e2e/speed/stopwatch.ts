import type { Page } from 'playwright-core';

/** Milliseconds, as the page itself measures them. */
export interface Took {
  /** Until the answer is drawn: from opening the page, or from the last click or key. */
  shown: number;
  /** Of those, what the slowest of its requests took. */
  request: number;
}

const PATIENCE_MS = 60_000;

declare global {
  interface Window {
    lastAct?: number;
  }
}

/** Opens a page in a browser that has its scripts, and waits until what one comes for is there. */
export async function opened(page: Page, path: string, shown: string): Promise<Took> {
  await page.goto(path, { waitUntil: 'commit' });
  return drawn(page, { shown, api: '/api/admin/', isOpening: true });
}

/** Does something that asks `api` anew, and waits until the answer is drawn. */
export async function answered(page: Page, api: string, shown: string, act: () => Promise<unknown>): Promise<Took> {
  await page.evaluate(() => {
    performance.clearResourceTimings();
    const note = () => (window.lastAct = performance.now());
    for (const kind of ['click', 'keydown']) window.addEventListener(kind, note, { capture: true });
  });
  await act();
  return drawn(page, { shown, api, isOpening: false });
}

/** Waits, frame by frame, until an answer came since the last act, nothing is stale any more and `shown` is there. */
function drawn(page: Page, wanted: { shown: string; api: string; isOpening: boolean }): Promise<Took> {
  return page.evaluate(
    ({ shown, api, isOpening, patienceMs }) =>
      new Promise<{ shown: number; request: number }>((resolve, reject) => {
        performance.setResourceTimingBufferSize(2000);
        const begin = performance.now();
        const look = () => {
          const since = isOpening ? 0 : (window.lastAct ?? Infinity);
          const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
          const asked = entries.filter((each) => each.startTime >= since && each.responseEnd > 0 && new URL(each.name).pathname.startsWith(api));
          const isBusy = document.querySelector('main [aria-busy=true]') !== null;
          if (asked.length > 0 && !isBusy && document.querySelector(shown)) {
            resolve({ shown: performance.now() - since, request: Math.max(...asked.map((each) => each.duration)) });
          } else if (performance.now() - begin > patienceMs) {
            const what = asked.length === 0 ? `no answer of ${api} came` : isBusy ? 'something is busy' : `${shown} is not there`;
            reject(new Error(`${location.href}: after ${patienceMs} ms ${what}`));
          } else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
    { ...wanted, patienceMs: PATIENCE_MS },
  );
}
