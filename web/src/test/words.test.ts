import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import en from '../i18n/en';
import zh from '../i18n/zh-CN';

type Tree = { [key: string]: string | Tree };

/** Every text by its path: `providers.title`. */
function flat(tree: Tree, path = ''): Map<string, string> {
  const texts = new Map<string, string>();
  for (const [key, value] of Object.entries(tree)) {
    const at = path ? `${path}.${key}` : key;
    if (typeof value === 'string') texts.set(at, value);
    else for (const [each, text] of flat(value, at)) texts.set(each, text);
  }
  return texts;
}

const english = flat(en as unknown as Tree);
const chinese = flat(zh as unknown as Tree);
const slots = (text: string) => [...text.matchAll(/\{\{(\w+)/g)].map(([, name]) => name).sort();

describe('the words of the screen', () => {
  it('are there in both languages', () => {
    // Chinese has no plural; English texts for one thing have their counterpart in `_other`.
    const wanted = [...english.keys()].filter((key) => !key.endsWith('_one'));
    expect([...chinese.keys()].sort()).toEqual(wanted.sort());
  });

  it('are none of them empty', () => {
    for (const [key, text] of [...english, ...chinese]) expect(text.trim(), key).not.toBe('');
  });

  it('have the same places for values', () => {
    for (const [key, text] of chinese) expect(slots(text), key).toEqual(slots(english.get(key) ?? ''));
  });

  it('have a plural form for each singular', () => {
    for (const key of english.keys()) {
      if (key.endsWith('_one')) expect(english.has(key.replace(/_one$/, '_other')), key).toBe(true);
    }
  });
});

/** The namespaces that `t`, or another name for it, stands for in a file. */
function namespacesIn(source: string): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>();
  for (const [, inner = '', name] of source.matchAll(/const \{([^}]*)\} = useTranslation\((?:'([\w]+)')?\)/g)) {
    const variable = /\bt(?:\s*:\s*(\w+))?/.exec(inner);
    if (!variable) continue;
    const called = variable[1] ?? 't';
    found.set(called, (found.get(called) ?? new Set()).add(name ?? 'common'));
  }
  return found;
}

const sources = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path) && !path.includes('.test.') && !path.startsWith('i18n'))
  .map((path) => ({ path, source: readFileSync(`src/${path}`, 'utf8') }));

const groups = new Set([...english.keys()].flatMap((key) => key.split('.').map((_, at, parts) => parts.slice(0, at).join('.'))));
/** A text, a plural, or a group of texts that a page asks for as a whole. */
const isKnown = (key: string) => english.has(key) || english.has(`${key}_other`) || groups.has(key);

describe('the words that the pages ask for', () => {
  it.each(sources.filter(({ source }) => source.includes('useTranslation(')))('exist: $path', ({ source }) => {
    for (const [variable, namespaces] of namespacesIn(source)) {
      for (const [, key = ''] of source.matchAll(new RegExp(`\\b${variable}\\('([\\w:.-]+)'`, 'g'))) {
        const [name, rest] = key.includes(':') ? key.split(':', 2) : [null, key];
        const candidates = name ? [name] : [...namespaces];
        expect(candidates.some((each) => isKnown(`${each}.${rest}`)), `${variable}('${key}')`).toBe(true);
      }
    }
  });

  it('were found at all', () => {
    expect(sources.length).toBeGreaterThan(60);
    const asking = sources.filter(({ source }) => namespacesIn(source).size > 0);
    expect(asking.length).toBeGreaterThan(20);
  });
});
