/** How a language writes what JSON can hold. */
export interface Notation {
  true: string;
  false: string;
  null: string;
  /** Writes an object's field name. */
  name: (name: string) => string;
}

export const python: Notation = {
  true: 'True',
  false: 'False',
  null: 'None',
  name: (name) => JSON.stringify(name),
};

export const javascript: Notation = {
  true: 'true',
  false: 'false',
  null: 'null',
  name: (name) => (/^[A-Za-z_$][\w$]*$/.test(name) ? name : JSON.stringify(name)),
};

/** What still fits into one line. */
const LINE = 72;

/** `value` as source text; lists and objects that are long go over several lines. */
export function literal(value: unknown, notation: Notation, indent: string, depth = 0): string {
  if (value === null || value === undefined) return notation.null;
  if (value === true) return notation.true;
  if (value === false) return notation.false;
  if (typeof value !== 'object') return JSON.stringify(value);
  const [open, close] = Array.isArray(value) ? ['[', ']'] : ['{', '}'];
  const items = Array.isArray(value)
    ? value.map((item) => literal(item, notation, indent, depth + 1))
    : Object.entries(value).map(
        ([name, item]) => `${notation.name(name)}: ${literal(item, notation, indent, depth + 1)}`,
      );
  if (items.length === 0) return open + close;
  const pad = notation === javascript && open === '{' ? ' ' : '';
  const flat = `${open}${pad}${items.join(', ')}${pad}${close}`;
  if (flat.length + depth * indent.length <= LINE && !flat.includes('\n')) return flat;
  const inner = indent.repeat(depth + 1);
  return `${open}\n${items.map((item) => `${inner}${item},\n`).join('')}${indent.repeat(depth)}${close}`;
}
