import { colourOfRest, coloursOf, type ChartSeries } from '@/components/chart';
import type { ErrorsReport } from './data';

/** What the page says in a line. */
export interface Totals {
  calls: number;
  /** Of all calls; null without any. */
  rate: number | null;
  types: number;
  attempts: number;
  keys: number;
}

export function totalsOf(report: ErrorsReport): Totals {
  const all = (report.trend?.points ?? []).reduce((sum, { requests }) => sum + requests, 0);
  return {
    calls: report.totalErrors,
    rate: all > 0 ? report.totalErrors / all : null,
    types: report.errorsByCode.length,
    attempts: report.errorsByKey.reduce((sum, { count }) => sum + count, 0),
    keys: report.errorsByKey.length,
  };
}

/** How many calls failed with a code before; null where nothing is compared. */
export function beforeOf(report: ErrorsReport, code: string | null | undefined): number | null {
  if (!report.previous) return null;
  return report.previous.errorsByCode.find((row) => (row.code ?? null) === (code ?? null))?.count ?? 0;
}

/** The failed calls of each point, for a code that the trend tells apart. */
export function courseOf(report: ErrorsReport, code: string | null | undefined): number[] {
  return report.trend?.series.find((line) => (line.code ?? null) === (code ?? null))?.counts ?? [];
}

/** How many codes a chart tells apart before they are too many to see. */
const MOST = 8;

/** The parts of the chart: the codes with most failures, and the others as one. */
export function partsOf(report: ErrorsReport, words: { noCode: string; rest: string }): ChartSeries[] {
  const { points = [], series = [] } = report.trend ?? {};
  const told = series.slice(0, MOST);
  const names = told.map(({ code }) => code ?? words.noCode);
  const colours = coloursOf(names);
  const parts = told.map(({ counts }, place): ChartSeries => ({
    name: names[place] ?? '',
    colour: colours[place] ?? colourOfRest,
    stack: 'errors',
    values: counts,
  }));
  const rest = points.map(({ errorCount }, at) => Math.max(0, errorCount - parts.reduce((sum, { values }) => sum + (values[at] ?? 0), 0)));
  if (rest.some((count) => count > 0)) parts.push({ name: words.rest, colour: colourOfRest, stack: 'errors', values: rest });
  return parts;
}
