import { currentLanguage } from '@/i18n';
import type { Interval } from './interval';

interface Point {
  /** As the API tells it: an hour with its offset, a day, or a month. */
  date: string;
  from: string;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${currentLanguage()} ${zone} ${JSON.stringify(options)}`;
  const made = formats.get(key) ?? new Intl.DateTimeFormat(currentLanguage(), { timeZone: zone, hourCycle: 'h23', ...options });
  formats.set(key, made);
  return made;
}

/** What stands below a point: 14:00, 21 Nov, November 2026. Hours of several days tell their day, too. */
export function pointLabels(points: readonly Point[], interval: Interval, zone: string): string[] {
  if (interval === 'hour') {
    const isOneDay = new Set(points.map(({ date }) => date.slice(0, 10))).size < 2;
    const day = isOneDay ? {} : ({ month: 'short', day: 'numeric' } as const);
    return points.map(({ date }) => format(zone, { ...day, hour: '2-digit', minute: '2-digit' }).format(new Date(date)));
  }
  // A calendar day is itself, whatever the zone.
  return points.map(({ date }) =>
    interval === 'day'
      ? format('UTC', { month: 'short', day: 'numeric' }).format(new Date(`${date}T00:00:00Z`))
      : format('UTC', { year: 'numeric', month: 'short' }).format(new Date(`${date}-01T00:00:00Z`)),
  );
}
