import { flag, oneOf, type Raw } from '@/app/search';
import { dimensions, validateFilter, type Dimension, type Filter } from '@/components/report/filter';
import { intervals, type Interval } from '@/components/report/interval';

/** The range of the report on spending without one in the address. */
export const SPEND_RANGE = 'lastMonth';

/** By what members are ranked. */
export const measures = ['requests', 'tokens', 'cost', 'errors'] as const;
export type Measure = (typeof measures)[number];

/** What the page keeps in its address, beside the range. */
export interface Search extends Filter {
  /** The report on who spent what, instead of the overview. */
  view?: 'spend' | undefined;
  interval?: Interval | undefined;
  /** What the overview is broken down by, and what a row of the report is. */
  by?: Dimension | undefined;
  /** What a row of the report is cut into. */
  then?: Dimension | 'none' | undefined;
  measure?: Measure | undefined;
  /** Stops the page from reading itself anew. */
  still?: true | undefined;
}

export function validateSearch(raw: Raw): Search {
  return {
    ...validateFilter(raw),
    view: oneOf(raw.view, ['spend']),
    interval: oneOf(raw.interval, intervals),
    by: oneOf(raw.by, dimensions),
    then: oneOf(raw.then, [...dimensions, 'none']),
    measure: oneOf(raw.measure, measures),
    still: flag(raw.still),
  };
}
