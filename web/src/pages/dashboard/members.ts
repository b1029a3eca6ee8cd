import { colourOfRest, coloursOf, distinct, type ChartSeries } from '@/components/chart';
import type { components } from '@/api/schema';
import type { BreakdownRow } from './data';
import type { Measure } from './search';

type Series = components['schemas']['SeriesView'];
type Figures = components['schemas']['PointView'];

/** What a member is called where it has no name, or is none. */
export interface Unnamed {
  none: string;
  rest: string;
}

/** A name for a member; ids stand in for those whose name is not known. */
export function nameOf(member: { key?: string | null; name?: string | null } | undefined, none: string): string {
  return member?.name ?? (member?.key == null ? none : `#${member.key}`);
}

/** The figure by which members are ranked. */
export function worth(row: BreakdownRow, measure: Measure): number {
  return { requests: row.totalRequests, tokens: row.totalTokens, cost: row.totalCost, errors: row.errorCount }[measure];
}

/** The parts of a stacked chart: the members that matter most, and what is left of the total. `colourOf`: where members have colours of their own. */
export function partsOf(series: Series, measure: Measure, words: Unnamed, colourOf?: (key: string) => string): ChartSeries[] {
  const figure = (figures: Figures) => figures[measure];
  const names = unique(series.series.map((member) => nameOf(member, words.none)));
  const colours = colourOf ? distinct(series.series.map(({ key }) => colourOf(key ?? ''))) : coloursOf(names);
  const parts = series.series.map(({ values }, place): ChartSeries => ({
    name: names[place] ?? '',
    colour: colours[place] ?? colourOfRest,
    stack: 'parts',
    values: values.map(figure),
  }));
  const rest = series.points.map((point, at) => {
    const told = parts.reduce((sum, part) => sum + (part.values[at] ?? 0), 0);
    // Money is summed as floats here: what is left of it is none.
    const left = figure(point) - told;
    return left > figure(point) * 1e-9 ? left : 0;
  });
  if (rest.some((value) => value > 0)) parts.push({ name: words.rest, colour: colourOfRest, stack: 'parts', values: rest });
  return parts;
}

/** Names that differ, since a key may be called like another. */
function unique(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name} (${count})`;
  });
}
