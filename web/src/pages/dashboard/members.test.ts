import { describe, expect, it } from 'vitest';
import { nameOf, partsOf } from './members';

const figures = (requests: number, cost = 0) => ({ requests, cost, tokens: 0, errors: 0 });
const words = { none: 'without', rest: 'others' };
const point = (date: string, requests: number, cost = 0) => ({ date, from: date, to: date, ...figures(requests, cost) });
const line = (key: string, name: string | null, ...values: ReturnType<typeof figures>[]) => ({ by: 'key' as const, key, name, values });
const range = { from: 'a', to: 'b' };

describe('the parts of a chart by member', () => {
  it('add up to the total, with what the others have as one part', () => {
    const series = { range, points: [point('1', 10), point('2', 4)], series: [line('1', 'a', figures(6), figures(4))] };
    const parts = partsOf(series, 'requests', words);
    expect(parts.map(({ name, values }) => [name, values])).toEqual([['a', [6, 4]], ['others', [4, 0]]]);
  });

  it('have no rest that is only a rounding', () => {
    const series = { range, points: [point('1', 0, 0.3)], series: [line('1', 'a', figures(0, 0.1)), line('2', 'b', figures(0, 0.2))] };
    expect(partsOf(series, 'cost', words).map(({ name }) => name)).toEqual(['a', 'b']);
  });

  it('are told apart though they are called the same', () => {
    const series = { range, points: [point('1', 2)], series: [line('1', 'main', figures(1)), line('2', 'main', figures(1))] };
    expect(partsOf(series, 'requests', words).map(({ name }) => name)).toEqual(['main', 'main (2)']);
  });

  it('have a name in any case', () => {
    expect(nameOf({ key: '7', name: null }, 'without')).toBe('#7');
    expect(nameOf({ key: null, name: null }, 'without')).toBe('without');
  });
});
