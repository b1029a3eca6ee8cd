/**
 * Prices travel as dollars for 1,000 tokens, and people read and type dollars for a million, as providers print
 * them. The decimal point moves in the text, so that no digit is rounded.
 */

const PLACES = 3;

/** A plain decimal with its point moved to the right, or, by a negative number, to the left. */
export function shiftPoint(decimal: string, places: number): string {
  const [, sign = '', whole = '0', part = ''] = /^(-?)(\d*)\.?(\d*)$/.exec(decimal) ?? [];
  const point = whole.length + places;
  const digits = (whole + part).padStart(whole.length + part.length + Math.max(0, -point), '0');
  const at = Math.max(point, 0);
  const left = digits.slice(0, at).padEnd(at, '0').replace(/^0+(?=\d)/, '') || '0';
  const right = digits.slice(at).replace(/0+$/, '');
  return sign + left + (right && `.${right}`);
}

/** A number as a decimal without an exponent, with at most nine places: what the API counts in. */
export function plainDecimal(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(12).replace(/\.?0+$/, '') : text;
}

/** Dollars for a million tokens, of dollars for a thousand. */
export function perMillion(perThousand: number): string;
export function perMillion(perThousand: number | null | undefined): string | null;
export function perMillion(perThousand: number | null | undefined): string | null {
  return perThousand == null ? null : shiftPoint(plainDecimal(perThousand), PLACES);
}

/** Dollars for a thousand tokens as the API takes them, of what was typed for a million; nothing of nothing. */
export function perThousand(typed: string | null | undefined): number | null {
  return typed == null || typed.trim() === '' ? null : Number(shiftPoint(typed.trim(), -PLACES));
}
