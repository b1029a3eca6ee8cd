import { currentLanguage } from '@/i18n';
import { numberFormat } from './number';

const words = {
  en: { d: 'd', h: 'h', m: 'min', s: 's' },
  'zh-CN': { d: '天', h: '小时', m: '分', s: '秒' },
};

/** A time that something took: 840 ms, 1.52 s, 12.3 s, 2 min 5 s, 3 h 20 min, 4 d 2 h. */
export function formatDuration(ms: number | null | undefined): string {
  if (ms == null || !Number.isFinite(ms)) return '–';
  if (ms < 999.5) return `${numberFormat({ maximumFractionDigits: ms < 9.95 ? 1 : 0 }).format(ms)} ms`;
  const unit = words[currentLanguage()];
  const seconds = ms / 1000;
  if (seconds < 59.95) {
    const digits = seconds < 9.995 ? 2 : 1;
    return `${numberFormat({ maximumFractionDigits: digits }).format(seconds)} ${unit.s}`;
  }
  const whole = Math.round(seconds);
  const parts: [number, string][] = [
    [Math.floor(whole / 86_400), unit.d],
    [Math.floor(whole / 3600) % 24, unit.h],
    [Math.floor(whole / 60) % 60, unit.m],
    [whole % 60, unit.s],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, word]) => `${count} ${word}`)
    .join(' ');
}

/** What is left until `until`, for countdowns: 1:05, 2:03:09; 0:00 once it is over. */
export function formatLeft(untilMs: number, nowMs: number): string {
  const left = Math.max(0, Math.ceil((untilMs - nowMs) / 1000));
  const two = (count: number) => String(count).padStart(2, '0');
  const hours = Math.floor(left / 3600);
  const minutes = Math.floor(left / 60) % 60;
  return hours > 0 ? `${hours}:${two(minutes)}:${two(left % 60)}` : `${minutes}:${two(left % 60)}`;
}
