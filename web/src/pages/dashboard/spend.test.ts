import { describe, expect, it } from 'vitest';
import type { BreakdownRow } from './data';
import { cellsOf, treeOf } from './spend';

const slice = (totalCost: number, totalRequests = 1) => ({
  totalCost, totalRequests, totalTokens: 10, successCount: 1, errorCount: 0, unpricedCount: 0, avgLatencyMs: 5,
});
const row = (app: string | null, model: string, now: number, before?: number): BreakdownRow => ({
  members: [
    { by: 'app', key: app, name: app && `app ${app}` },
    { by: 'model', key: model, name: model },
  ],
  ...slice(now),
  ...(before === undefined ? {} : { previous: slice(before) }),
});

describe('the report on who spent what', () => {
  const rows = [row('1', 'x', 3, 1), row('2', 'x', 4, 4), row('1', 'y', 2, 0), row(null, 'x', 0.5, 2)];

  it('has each app with the sum of its models, those that cost most first', () => {
    const tree = treeOf(rows, () => 'none');
    expect(tree.map(({ names, now, before }) => [names[0], now.cost, before.cost])).toEqual([['app 1', 5, 1], ['app 2', 4, 4], ['none', 0.5, 2]]);
    expect(tree[0]?.children?.map(({ names }) => names[1])).toEqual(['x', 'y']);
  });

  it('is a file of its parts alone, so that a column adds up', () => {
    const cells = cellsOf(treeOf(rows, () => 'none'));
    expect(cells).toHaveLength(4);
    expect(cells[0]).toEqual(['app 1', 'x', 1, 10, 3, 0, 1, 10, 1, 2, 2]);
    expect(cells.reduce((sum, cell) => sum + Number(cell[4]), 0)).toBe(9.5);
  });

  it('may have one level alone', () => {
    const one = { ...row('1', 'x', 3), members: [{ by: 'app' as const, key: '1', name: 'a' }] };
    expect(treeOf([one], () => 'none')).toMatchObject([{ names: ['a'], now: { cost: 3 }, before: { cost: 0 } }]);
  });
});
