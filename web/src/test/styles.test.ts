import { readdirSync, readFileSync } from 'node:fs';
import { expect, it } from 'vitest';

const sheets = readdirSync('src', { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.css'));

/** The classes that a sheet styles by their name alone. */
function classesOf(sheet: string): Set<string> {
  const rules = readFileSync(`src/${sheet}`, 'utf8').replace(/\/\*.*?\*\//gs, '');
  const selectors = [...rules.matchAll(/([^{}]+)\{/g)].flatMap(([, list = '']) => list.split(','));
  return new Set(selectors.map((each) => each.trim()).filter((each) => /^\.[\w-]+$/.test(each)));
}

it('styles no class in two sheets: once loaded, those of every page hold on every page', () => {
  expect(sheets.length).toBeGreaterThan(10);
  const owners = new Map<string, string[]>();
  for (const sheet of sheets) for (const name of classesOf(sheet)) owners.set(name, [...(owners.get(name) ?? []), sheet]);
  expect([...owners].filter(([, where]) => where.length > 1)).toEqual([]);
});
