/** A field that became another one; `undefined` on a side where it was not. */
export interface FieldChange {
  /** Where it stands: `alerts.webhooks`, `quirks.strip`. */
  path: string;
  before: unknown;
  after: unknown;
}

/** Fields that say only that something was written. */
const NOISE = new Set(['updatedAt']);

type Fields = Record<string, unknown>;

const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** What differs between a thing before and after, field by field; for one that was made or removed, all of it. */
export function changesOf(before: unknown, after: unknown): FieldChange[] {
  return differing('', before ?? {}, after ?? {});
}

function differing(path: string, before: unknown, after: unknown): FieldChange[] {
  const isInside = (isFields(before) || before === undefined) && (isFields(after) || after === undefined);
  if (!isInside || (isEmpty(before) && isEmpty(after) && path !== '')) {
    return same(before, after) ? [] : [{ path, before, after }];
  }
  const [old, now] = [(before ?? {}) as Fields, (after ?? {}) as Fields];
  const names = [...new Set([...Object.keys(now), ...Object.keys(old)])];
  return names
    .filter((name) => path !== '' || !NOISE.has(name))
    .flatMap((name) => differing(path === '' ? name : `${path}.${name}`, old[name], now[name]));
}

const isEmpty = (value: unknown) => value === undefined || (isFields(value) && Object.keys(value).length === 0);

/** Whether two values of JSON are the same, whatever the order of their fields. */
function same(one: unknown, other: unknown): boolean {
  if (Array.isArray(one) && Array.isArray(other)) {
    return one.length === other.length && one.every((each, index) => same(each, other[index]));
  }
  if (isFields(one) && isFields(other)) {
    const names = Object.keys(one);
    return names.length === Object.keys(other).length && names.every((name) => same(one[name], other[name]));
  }
  return one === other;
}

/** Names of things, in the order in which they tell the most. */
const NAMES = ['username', 'keyName', 'providerName', 'modelCode', 'alias', 'name', 'channel', 'providerCode'];

/** What the thing is called, before or after; null where it has no name. */
export function nameIn(...values: unknown[]): string | null {
  for (const value of values) {
    if (!isFields(value)) continue;
    for (const name of NAMES) {
      const found = value[name];
      if (typeof found === 'string' && found !== '') return found;
    }
  }
  return null;
}

/** A value as it is shown: texts as they are, all else as JSON. */
export function shown(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value, null, 2);
}
