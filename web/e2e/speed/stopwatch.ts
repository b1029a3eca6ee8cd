import type { Page } from 'playwright-core';

/** Milliseconds, as the page itself measures them. */
export interface Took {
  /** Until the answer is drawn: from opening the page. */
  shown: number;
  /** Of those, what the slowest of its requests took. */
  request: number;
}

/** Opens a page in a browser that has its scripts, and waits until what one comes for is there. */
export async function opened(page: Page, path: string, shown: string): Promise<Took> {
  await page.goto(path, { waitUntil: 'commit' });
  return drawn(page, shown);
}

/** Waits, frame by frame, until answers came, nothing is stale any more and `shown` is there. */
function drawn(page: Page, wanted: string): Promise<Took> {
  return page.evaluate(
    (shown) =>
      new Promise<{ shown: number; request: number }>((resolve) => {
        const look = () => {
          const entries = performance.getEntriesByType('resource') as PerformanceResourceTiming[];
          const asked = entries.filter((each) => each.responseEnd > 0 && new URL(each.name).pathname.startsWith('/api/'));
          const isBusy = document.querySelector('main [aria-busy=true]') !== null;
          if (asked.length > 0 && !isBusy && document.querySelector(shown)) {
            resolve({ shown: performance.now(), request: Math.max(...asked.map((each) => each.duration)) });
          } else requestAnimationFrame(look);
        };
        requestAnimationFrame(look);
      }),
    wanted,
  );
}
