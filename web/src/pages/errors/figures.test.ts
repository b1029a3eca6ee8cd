import { describe, expect, it } from 'vitest';
import type { ErrorsReport } from './data';
import { beforeOf, courseOf, partsOf, totalsOf } from './figures';

const point = (requests: number, errorCount: number) => ({ requests, errorCount });
const report = {
  range: { from: 'a', to: 'b' },
  totalErrors: 6,
  errorsByCode: [
    { code: 'overloaded', count: 4, attempts: 9, keys: 2 },
    { code: null, count: 2, attempts: 0, keys: 0 },
  ],
  errorsByKey: [{ keyId: 1, count: 9, sent: 20, codes: [] }],
  trend: {
    points: [point(10, 3), point(20, 3)],
    series: [
      { code: 'overloaded', counts: [3, 1] },
      { code: null, counts: [0, 1] },
    ],
  },
  previous: { range: { from: 'c', to: 'd' }, totalErrors: 1, errorsByCode: [{ code: 'overloaded', count: 1, attempts: 1, keys: 1 }], errorsByKey: [] },
} as unknown as ErrorsReport;
const words = { noCode: 'without', rest: 'others' };

describe('figures on errors', () => {
  it('sum up the page', () => {
    expect(totalsOf(report)).toEqual({ calls: 6, rate: 0.2, types: 2, attempts: 9, keys: 1 });
    expect(totalsOf({ ...report, trend: null }).rate).toBeNull();
  });

  it('tell what was before, nothing where nothing is compared', () => {
    expect(beforeOf(report, 'overloaded')).toBe(1);
    expect(beforeOf(report, null)).toBe(0);
    expect(beforeOf({ ...report, previous: null }, 'overloaded')).toBeNull();
  });

  it('add up to the failed calls of each point', () => {
    expect(partsOf(report, words).map(({ name, values }) => [name, values])).toEqual([['overloaded', [3, 1]], ['without', [0, 1]], ['others', [0, 1]]]);
    expect(courseOf(report, null)).toEqual([0, 1]);
    expect(courseOf(report, 'unknown')).toEqual([]);
  });
});
