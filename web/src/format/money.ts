import { numberFormat } from './number';

/**
 * Dollars with as many places as say something: $12.40, $0.0042, $0.000042, $1,234.50. An amount that comes as
 * a decimal string is only shown by way of a float, never counted with.
 */
export function formatMoney(usd: number | string): string {
  const value = Number(usd);
  if (!Number.isFinite(value)) return '–';
  return `${value < 0 ? '−' : ''}$${plain(Math.abs(value))}`;
}

function plain(size: number): string {
  if (size === 0) return '0.00';
  if (size >= 0.095) return numberFormat({ minimumFractionDigits: 2, maximumFractionDigits: 2 }).format(size);
  // Two digits that say something; nano-dollars are the least that is counted.
  const places = Math.min(9, 1 - Math.floor(Math.log10(size)));
  return numberFormat({ minimumFractionDigits: 2, maximumFractionDigits: places }).format(size);
}

/** The exact amount, for titles: every digit that there is. */
export function exactMoney(usd: number | string): string {
  const value = Number(usd);
  if (!Number.isFinite(value)) return '–';
  const text = typeof usd === 'string' ? usd : numberFormat({ maximumFractionDigits: 9 }).format(value);
  return `$${text.replace(/^-/, '−')}`;
}

/** A decimal as it is typed, or null where it is none: "12.40", ".5". */
export function parseDecimal(text: string): string | null {
  const trimmed = text.trim();
  if (!/^(\d+\.?\d*|\.\d+)$/.test(trimmed)) return null;
  const [whole = '', part = ''] = trimmed.split('.');
  const digits = whole.replace(/^0+(?=\d)/, '') || '0';
  return part ? `${digits}.${part}` : digits;
}
