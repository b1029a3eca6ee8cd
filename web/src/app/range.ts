import { browserZone, dayIn, isZone } from '@/format/time';
import { preferences } from './preferences';
import { flag, text, type Raw } from './search';

/** Ranges that end now. */
export const rangeNames = ['1h', '24h', '7d', '30d', '90d', 'today', 'month', 'lastMonth'] as const;
export type RangeName = (typeof rangeNames)[number];

/** What the address says of time: `?range=7d`, or `?range=2026-11-01..2026-11-07`, `&tz=Asia/Shanghai&compare=1`. */
export interface RangeSearch {
  range?: string | undefined;
  tz?: string | undefined;
  compare?: true | undefined;
}

const days = /^(\d{4}-\d{2}-\d{2})\.\.(\d{4}-\d{2}-\d{2})$/;
const moments = /^(\d{4}-\d{2}-\d{2}T[\d:.]+Z)\.\.(\d{4}-\d{2}-\d{2}T[\d:.]+Z)$/;

export function isRangeName(range: string): range is RangeName {
  return (rangeNames as readonly string[]).includes(range);
}

/** Reads that part of an address; what makes no sense is left out. */
export function validateRange(raw: Raw): RangeSearch {
  const range = text(raw.range);
  const tz = text(raw.tz);
  return {
    range: range && (isRangeName(range) || days.test(range) || moments.test(range)) ? range : undefined,
    tz: tz && isZone(tz) ? tz : undefined,
    compare: flag(raw.compare),
  };
}

/** The zone to show times in: the address's, else the one chosen here, else the browser's. */
export function zoneOf(search: RangeSearch): string {
  const kept = preferences.read('timeZone');
  return search.tz ?? (kept && isZone(kept) ? kept : browserZone());
}

/** A range as the API takes it: from and to, days (the last included) or moments. */
export interface Span {
  startDate: string;
  endDate: string;
}

const HOUR_MS = 3_600_000;

/** A day, so many days later. */
export function shiftDay(day: string, count: number): string {
  const at = new Date(`${day}T00:00:00Z`);
  at.setUTCDate(at.getUTCDate() + count);
  return at.toISOString().slice(0, 10);
}

function lengthInDays(name: RangeName): number {
  return name === '30d' ? 30 : name === '90d' ? 90 : name === '7d' ? 7 : 1;
}

/** What a range means at this moment. Ranges of hours begin at a whole minute, so that they are the same for a minute. */
export function spanOf(range: string, zone: string, nowMs: number): Span {
  const typed = days.exec(range) ?? moments.exec(range);
  if (typed) return { startDate: typed[1] ?? '', endDate: typed[2] ?? '' };
  if (range === '1h' || range === '24h') {
    const end = Math.ceil(nowMs / 60_000) * 60_000;
    const start = end - (range === '1h' ? 1 : 24) * HOUR_MS;
    return { startDate: new Date(start).toISOString(), endDate: new Date(end).toISOString() };
  }
  const today = dayIn(nowMs, zone);
  const first = `${today.slice(0, 8)}01`;
  if (range === 'month') return { startDate: first, endDate: today };
  if (range === 'lastMonth') {
    const last = shiftDay(first, -1);
    return { startDate: `${last.slice(0, 8)}01`, endDate: last };
  }
  const count = isRangeName(range) ? lengthInDays(range) : 7;
  return { startDate: shiftDay(today, 1 - count), endDate: today };
}

/** The span of the same length right before; for a whole calendar month, the month before. */
export function spanBefore(span: Span): Span {
  if (span.startDate.includes('T')) {
    const [start, end] = [Date.parse(span.startDate), Date.parse(span.endDate)];
    return { startDate: new Date(start - (end - start)).toISOString(), endDate: span.startDate };
  }
  const last = shiftDay(span.startDate, -1);
  const isWholeMonth = span.startDate.endsWith('-01') && shiftDay(span.endDate, 1).endsWith('-01');
  if (isWholeMonth && span.startDate.slice(0, 7) === span.endDate.slice(0, 7)) {
    return { startDate: `${last.slice(0, 8)}01`, endDate: last };
  }
  const length = Math.round((Date.parse(span.endDate) - Date.parse(span.startDate)) / (24 * HOUR_MS)) + 1;
  return { startDate: shiftDay(last, 1 - length), endDate: last };
}
