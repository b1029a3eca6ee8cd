import type { Span } from '@/app/range';

/** What time is cut into. */
export const intervals = ['hour', 'day', 'month'] as const;
export type Interval = (typeof intervals)[number];

const HOUR_MS = 3_600_000;

/** How many hours a span has, about. */
export function hoursOf({ startDate, endDate }: Span): number {
  const [start, end] = [Date.parse(startDate), Date.parse(endDate)];
  // A day that a span ends with is within it.
  const whole = endDate.includes('T') ? end : end + 24 * HOUR_MS;
  return Math.max(1, Math.round((whole - start) / HOUR_MS));
}

/** The intervals that make a readable number of points of a span. */
export function intervalsOf(span: Span): Interval[] {
  const hours = hoursOf(span);
  const makes: Record<Interval, boolean> = { hour: hours <= 24 * 31, day: hours > 24 && hours <= 24 * 750, month: hours > 24 * 45 };
  return intervals.filter((interval) => makes[interval]);
}

/** The chosen interval where it makes sense, else the one that shows most: up to 72 hours, up to 120 days, months. */
export function intervalOf(span: Span, chosen?: Interval): Interval {
  const possible = intervalsOf(span);
  if (chosen && possible.includes(chosen)) return chosen;
  const hours = hoursOf(span);
  return hours <= 72 ? 'hour' : hours <= 24 * 120 ? 'day' : 'month';
}
