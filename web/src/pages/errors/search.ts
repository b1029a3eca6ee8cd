import { oneOf, type Raw } from '@/app/search';
import { validateFilter, type Filter } from '@/components/report/filter';
import { intervals, type Interval } from '@/components/report/interval';

/** What the page keeps in its address, beside the range. */
export interface Search extends Filter {
  interval?: Interval | undefined;
}

export function validateSearch(raw: Raw): Search {
  return { ...validateFilter(raw), interval: oneOf(raw.interval, intervals) };
}
