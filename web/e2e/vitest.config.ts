import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  resolve: { alias: { '@': fileURLToPath(new URL('../src', import.meta.url)) } },
  test: {
    root: fileURLToPath(new URL('.', import.meta.url)),
    include: ['**/*.test.ts'],
    globalSetup: ['browser.ts'],
    // Each file has a server and a database of its own; a machine of two cores takes two at once.
    maxWorkers: 2,
    minWorkers: 1,
    pool: 'forks',
    testTimeout: 240_000,
    hookTimeout: 240_000,
    // As long as Playwright waits for anything; the second that is usual is short on a busy machine.
    expect: { poll: { timeout: 30_000 } },
    // A test that passes at its second try has found something, too.
    retry: 0,
  },
});
