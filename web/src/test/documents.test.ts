import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from '../i18n/en';
import zh from '../i18n/zh-CN';

const root = '..';

function markdownIn(folder: string): string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md'))
    .map((path) => join(folder, path));
}

/** The documents, from the root of the repository. */
const documents = [...readdirSync(root).filter((path) => path.endsWith('.md')), ...markdownIn('docs')];
/** A document without its programs, which are not to be read as prose. */
const textOf = (path: string) => readFileSync(join(root, path), 'utf8').replace(/^```.*?^```/gms, '');

const linksIn = (path: string) => [...textOf(path).matchAll(/\]\(([^)\s]+)\)/g)].map(([, link = '']) => link);

/** The names that a document's headings can be linked by, as GitHub makes them. */
function anchorsOf(path: string): string[] {
  return [...textOf(path).matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{Letter}\p{Number}\s_-]/gu, '')
      .trim()
      .replaceAll(' ', '-'),
  );
}

/** What is wrong with a link of a document. */
function faultOf(path: string, link: string): string | null {
  if (/^https?:/.test(link)) return null;
  const [file = '', anchor] = link.split('#', 2);
  const target = file === '' ? path : normalize(join(dirname(path), file));
  if (!existsSync(join(root, target))) return `${link}: there is no such file`;
  if (anchor !== undefined && !anchorsOf(target).includes(decodeURIComponent(anchor))) return `${link}: there is no such heading`;
  return null;
}

describe('the documents', () => {
  it.each(documents)('%s leads to what is there', (path) => {
    expect(linksIn(path).map((link) => faultOf(path, link)).filter(Boolean)).toEqual([]);
  });

  it('were found, and no picture is there in vain', () => {
    expect(documents).toContain('README.zh-CN.md');
    expect(documents.length).toBeGreaterThan(20);
    const shown = new Set(documents.flatMap((path) => linksIn(path).map((link) => normalize(join(dirname(path), link)))));
    for (const picture of readdirSync(join(root, 'docs/images'))) expect(shown).toContain(`docs/images/${picture}`);
  });
});

/** Every text of a language, without its places for values. */
function textsOf(tree: object): string[] {
  return Object.values(tree).flatMap((each: unknown) => (typeof each === 'string' ? [each] : textsOf(each as object)));
}

describe('the guides', () => {
  it.each([
    ['docs/guides', en],
    ['docs/guides/zh-CN', zh],
  ])('in %s say in bold only what stands on the screen', (folder, words) => {
    const texts = new Set(textsOf(words));
    for (const file of ['operators.md', 'analysts.md', 'developers.md']) {
      const bold = [...textOf(join(folder, file)).matchAll(/\*\*([^*]+)\*\*/g)].map(([, text = '']) => text.replaceAll('\n', ' '));
      // The two that explain the rule.
      const strange = bold.filter((text) => !texts.has(text) && !['bold', '粗体'].includes(text));
      expect(strange, file).toEqual([]);
      expect(bold.length).toBeGreaterThan(2);
    }
  });
});

/** The methods of each path, from the types that are made of the API's document. */
function endpoints(): Map<string, string[]> {
  const schema = readFileSync('src/api/schema.d.ts', 'utf8');
  const paths = schema.slice(schema.indexOf('export interface paths'), schema.indexOf('export type webhooks'));
  const found = new Map<string, string[]>();
  for (const [, path = '', rest = ''] of paths.matchAll(/^ {4}"([^"]+)": \{\n(.*?)^ {4}\};/gms)) {
    found.set(path, [...rest.matchAll(/^ {8}(get|put|post|delete): /gm)].map(([, method = '']) => method.toUpperCase()));
  }
  return found;
}

describe('the endpoints', () => {
  const known = endpoints();

  it('that documents name are there', () => {
    expect(known.size).toBeGreaterThan(50);
    for (const path of documents) {
      for (const [whole, method = '', named = ''] of textOf(path).matchAll(/\b(GET|POST|PUT|DELETE) (\/(?:api|v1|health|metrics|loadbalancer)[\w/{}.-]*)/g)) {
        expect(known.get(named) ?? [], `${path}: ${whole}`).toContain(method);
      }
    }
  });

  it('are each told in the guide to the API', () => {
    const guide = textOf('docs/api.md');
    for (const path of known.keys()) expect(guide).toContain(path);
  });
});
