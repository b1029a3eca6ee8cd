import { currentLanguage } from '@/i18n';

const formats = new Map<string, Intl.DateTimeFormat>();

function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = currentLanguage() + zone + JSON.stringify(options);
  let made = formats.get(key);
  if (!made) {
    made = new Intl.DateTimeFormat(currentLanguage(), { timeZone: zone, hourCycle: 'h23', ...options });
    formats.set(key, made);
  }
  return made;
}

const date = { year: 'numeric', month: '2-digit', day: '2-digit' } as const;
const clock = { hour: '2-digit', minute: '2-digit', second: '2-digit' } as const;

/** The moment in full, in the zone: 11/21/2026, 14:03:20 GMT+1. */
export function formatMoment(at: string | number | Date, zone: string): string {
  return format(zone, { ...date, ...clock, timeZoneName: 'short' }).format(new Date(at));
}

/** Date and time without the zone, for tables: 11/21/2026, 14:03:20. */
export function formatDateTime(at: string | number | Date, zone: string): string {
  return format(zone, { ...date, ...clock }).format(new Date(at));
}

/** Day and time without year and zone, for dense tables: 11/21, 14:03:20. */
export function formatShort(at: string | number | Date, zone: string): string {
  return format(zone, { month: '2-digit', day: '2-digit', ...clock }).format(new Date(at));
}

/** The date alone. */
export function formatDate(at: string | number | Date, zone: string): string {
  return format(zone, date).format(new Date(at));
}

/** The time of day: 14:03:20. */
export function formatClock(at: string | number | Date, zone: string): string {
  return format(zone, clock).format(new Date(at));
}

const units: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
];
const relatives = new Map<string, Intl.RelativeTimeFormat>();

/** How long ago, or in how long: 3 minutes ago, in 2 days; "now" within five seconds. */
export function formatRelative(at: string | number | Date, nowMs: number): string {
  const language = currentLanguage();
  let relative = relatives.get(language);
  if (!relative) {
    relative = new Intl.RelativeTimeFormat(language, { numeric: 'auto' });
    relatives.set(language, relative);
  }
  const seconds = (new Date(at).getTime() - nowMs) / 1000;
  if (Math.abs(seconds) < 5) return relative.format(0, 'second');
  for (const [unit, length] of units) {
    const count = seconds / length;
    if (Math.abs(count) >= 1) return relative.format(Math.trunc(count), unit);
  }
  return relative.format(0, 'second');
}

/** The zone of this browser. */
export function browserZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'UTC';
}

/** Whether there is such a zone. */
export function isZone(zone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: zone });
    return true;
  } catch {
    return false;
  }
}

/** The calendar day of a moment in the zone: 2026-11-21, as the API takes it. */
export function dayIn(at: string | number | Date, zone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', { timeZone: zone, ...date }).formatToParts(new Date(at));
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')}`;
}
