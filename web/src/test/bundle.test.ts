import { existsSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { beforeAll, describe, expect, it } from 'vitest';

interface Chunk {
  file: string;
  imports?: string[];
  dynamicImports?: string[];
}

// Another build may be measured in its place, as the browser tests do.
const folder = `${process.env.WEB_DIR ?? 'dist'}/`;
let manifest: Record<string, Chunk>;

beforeAll(() => {
  const path = `${folder}.vite/manifest.json`;
  if (!existsSync(path)) throw new Error('there is no build to measure: run `make web`, or `npm run build` in web/');
  manifest = JSON.parse(readFileSync(path, 'utf8')) as Record<string, Chunk>;
});

/** The script of that source; one that also holds what others share goes by its name alone. */
function chunkOf(source: string): Chunk | undefined {
  const page = /^src\/pages\/(\w+)\//.exec(source)?.[1];
  const name = page ? `page-${page}` : /([\w-]+)\.tsx$/.exec(source)?.[1];
  return manifest[source] ?? Object.values(manifest).find(({ file }) => file.startsWith(`assets/${name}-`) && file.endsWith('.js'));
}

/** The scripts that are loaded with these, each once. */
function loadedWith(...names: string[]): Set<string> {
  const files = new Set<string>();
  const take = (name: string) => {
    const chunk = chunkOf(name);
    if (!chunk) throw new Error(`the build has no ${name}`);
    if (files.has(chunk.file)) return;
    files.add(chunk.file);
    chunk.imports?.forEach(take);
  };
  names.forEach(take);
  return files;
}

const zipped = (files: Iterable<string>) =>
  [...files].reduce((sum, file) => sum + gzipSync(readFileSync(folder + file), { level: 9 }).length, 0);

const KIB = 1024;

describe('the first load', () => {
  it.each([
    ['sign-in', ['src/app/login/login-page.tsx']],
    ['dashboard before its charts', ['src/app/shell/shell.tsx', 'src/pages/dashboard/index.tsx']],
  ])('of the %s is below 350 KiB of zipped scripts, in either language', (_, frames) => {
    for (const words of ['src/i18n/en/index.ts', 'src/i18n/zh-CN/index.ts']) {
      const kib = zipped(loadedWith('index.html', words, ...frames)) / KIB;
      expect(kib, words).toBeLessThan(350);
    }
  });

  it('brings no chart', () => {
    for (const file of loadedWith('index.html', 'src/app/shell/shell.tsx', 'src/pages/dashboard/index.tsx')) {
      expect(readFileSync(folder + file, 'utf8'), file).not.toContain('zrender');
    }
  });

  it('leaves each page to a script of its own', () => {
    const own = Object.values(manifest).flatMap(({ file }) => (/^assets\/page-[\w-]+\.js$/.test(file) ? [file] : []));
    expect(own).toHaveLength(16);
    const first = loadedWith('index.html');
    for (const file of own) expect(first).not.toContain(file);
  });
});
