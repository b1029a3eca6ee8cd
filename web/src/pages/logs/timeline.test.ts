import { describe, expect, it } from 'vitest';
import { lanesOf, wholeMs } from './timeline';

const attempt = (sentAfter: number, latencyMs: number, firstTokenMs: number | null = null) => ({
  createdAt: '2026-11-21T10:00:00.000Z',
  startedAt: new Date(Date.parse('2026-11-21T10:00:00.000Z') + sentAfter).toISOString(),
  latencyMs,
  firstTokenMs,
});

describe('the lanes of a call', () => {
  it('begin where each attempt was sent and end where it did', () => {
    const attempts = [attempt(0, 100), attempt(200, 800, 400)];
    expect(wholeMs(attempts)).toBe(1000);
    expect(lanesOf(attempts)).toEqual([
      { from: 0, first: null, width: 10 },
      { from: 20, first: 40, width: 80 },
    ]);
  });

  it('are there for a call that took no time', () => {
    expect(lanesOf([attempt(0, 0)])).toEqual([{ from: 0, first: null, width: 0 }]);
  });
});
