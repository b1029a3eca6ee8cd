/** What stands behind the `?` of an address, as it comes: text alone, or several of it. */
export type Raw = Record<string, unknown>;

/** Reads an address: `?a=1&b=x&b=y` is `{ a: '1', b: ['x', 'y'] }`. */
export function parseSearch(text: string): Raw {
  const result: Record<string, string | string[]> = {};
  const fields = new URLSearchParams(text);
  for (const name of new Set(fields.keys())) {
    const all = fields.getAll(name);
    result[name] = all.length === 1 ? (all[0] ?? '') : all;
  }
  return result;
}

/** Writes one: what is empty is left out, `true` is `1`. */
export function stringifySearch(search: Raw): string {
  const fields = new URLSearchParams();
  for (const [name, value] of Object.entries(search)) {
    for (const each of Array.isArray(value) ? (value as unknown[]) : [value]) {
      if (each === undefined || each === null || each === '' || each === false) continue;
      fields.append(name, each === true ? '1' : String(each as string | number));
    }
  }
  const text = fields.toString();
  return text && `?${text}`;
}

/** A text, or nothing. */
export function text(value: unknown): string | undefined {
  const first: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof first === 'number') return String(first);
  return typeof first === 'string' && first !== '' ? first : undefined;
}

/** A whole number from 1, or nothing. */
export function whole(value: unknown): number | undefined {
  const number = Number(text(value));
  return Number.isSafeInteger(number) && number > 0 ? number : undefined;
}

/** Whether it is set. */
export function flag(value: unknown): true | undefined {
  return value === true || ['1', 'true', 'yes'].includes(text(value) ?? '') ? true : undefined;
}

/** One of these words, or nothing. */
export function oneOf<const Word extends string>(value: unknown, words: readonly Word[]): Word | undefined {
  return words.find((word) => word === text(value));
}

/** Several texts, or nothing. */
export function texts(value: unknown): string[] | undefined {
  const all = (Array.isArray(value) ? (value as unknown[]) : [value]).flatMap((each) => text(each) ?? []);
  return all.length > 0 ? all : undefined;
}
