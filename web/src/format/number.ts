import { currentLanguage } from '@/i18n';

const formats = new Map<string, Intl.NumberFormat>();

/** A number format of the screen's language, made once. */
export function numberFormat(options: Intl.NumberFormatOptions = {}): Intl.NumberFormat {
  const key = currentLanguage() + JSON.stringify(options);
  let format = formats.get(key);
  if (!format) {
    format = new Intl.NumberFormat(currentLanguage(), options);
    formats.set(key, format);
  }
  return format;
}

/** The exact figure: 1,234,567. */
export function formatExact(value: number): string {
  return numberFormat({ maximumFractionDigits: 6 }).format(value);
}

const steps: [number, string][] = [
  [1e12, 'T'],
  [1e9, 'G'],
  [1e6, 'M'],
  [1e3, 'k'],
];

/** Short for tables and tiles: 999, 1,234 → 1.23 k, 1.2 M. Below ten thousand it is exact. */
export function formatCount(value: number): string {
  const size = Math.abs(value);
  if (size < 10_000) return formatExact(Math.round(value));
  for (const [step, unit] of steps) {
    // What would be rounded up to the next unit is told in it.
    if (size >= step * 0.9995) {
      const scaled = value / step;
      const digits = Math.abs(scaled) < 9.995 ? 2 : Math.abs(scaled) < 99.95 ? 1 : 0;
      return `${numberFormat({ maximumFractionDigits: digits }).format(scaled)} ${unit}`;
    }
  }
  return formatExact(value);
}

/** A share of one: 0.9987 → 99.87 %; nothing of nothing is a dash. */
export function formatPercent(share: number | null | undefined): string {
  if (share == null || !Number.isFinite(share)) return '–';
  const percent = share * 100;
  // 99.996 is not all: it is never rounded to 100 %, nor something to 0 %.
  const digits = percent > 99 || percent < 1 ? 2 : 1;
  const shown = percent < 100 && percent > 99.99 ? 99.99 : percent > 0 && percent < 0.01 ? 0.01 : percent;
  return `${numberFormat({ maximumFractionDigits: digits }).format(shown)} %`;
}
