import type { components } from '@/api/schema';
import type { Cell } from '@/components/chart';
import { changeOf } from '@/components/report/change';
import type { BreakdownRow } from './data';
import { nameOf } from './members';

type Slice = components['schemas']['SliceView'];

/** A row of the report: a member with what it is cut into, or one part of it. */
export interface SpendRow {
  key: string;
  /** Its names: one for a member, two for a part of one. */
  names: string[];
  /** Their ids or codes, by which calls are found. */
  ids: (string | null)[];
  now: Figures;
  before: Figures;
  children?: SpendRow[];
}

export interface Figures {
  requests: number;
  tokens: number;
  cost: number;
  unpriced: number;
}

const nothing: Figures = { requests: 0, tokens: 0, cost: 0, unpriced: 0 };

function figures(slice: Slice | null | undefined): Figures {
  if (!slice) return nothing;
  return { requests: slice.totalRequests, tokens: slice.totalTokens, cost: slice.totalCost, unpriced: slice.unpricedCount };
}

const sum = (one: Figures, other: Figures): Figures => ({
  requests: one.requests + other.requests,
  tokens: one.tokens + other.tokens,
  cost: one.cost + other.cost,
  unpriced: one.unpriced + other.unpriced,
});

/** The rows as a tree: members that cost most first, each with its parts. */
export function treeOf(rows: readonly BreakdownRow[], none: (place: number) => string): SpendRow[] {
  const roots = new Map<string, SpendRow>();
  for (const row of rows) {
    const names = row.members.map((member, place) => nameOf(member, none(place)));
    const ids = row.members.map(({ key }) => key ?? null);
    const part: SpendRow = { key: JSON.stringify(ids), names, ids, now: figures(row), before: figures(row.previous) };
    const rootKey = JSON.stringify(ids.slice(0, 1));
    if (ids.length === 1) {
      roots.set(rootKey, part);
      continue;
    }
    const root = roots.get(rootKey) ?? { key: rootKey, names: names.slice(0, 1), ids: ids.slice(0, 1), now: nothing, before: nothing, children: [] };
    root.now = sum(root.now, part.now);
    root.before = sum(root.before, part.before);
    root.children?.push(part);
    roots.set(rootKey, root);
  }
  const sorted = [...roots.values()].sort(byCost);
  for (const root of sorted) root.children?.sort(byCost);
  return sorted;
}

function byCost(one: SpendRow, other: SpendRow): number {
  return other.now.cost - one.now.cost || other.now.requests - one.now.requests || other.before.cost - one.before.cost;
}

/** The whole report as cells: a line for each part, and none for what only sums them up. */
export function cellsOf(tree: readonly SpendRow[]): Cell[][] {
  const leaves = tree.flatMap((root) => root.children ?? [root]);
  return leaves.map(({ names, now, before }) => {
    const { share } = changeOf(now.cost, before.cost);
    return [...names, now.requests, now.tokens, now.cost, now.unpriced, before.requests, before.tokens, before.cost, now.cost - before.cost, share];
  });
}
