import { execFileSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { TestProject } from 'vitest/node';
import { screenshots } from './places';

declare module 'vitest' {
  export interface ProvidedContext {
    browser: string;
  }
}

const names = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome'];

/** The path of a Chromium or Chrome: CHROMIUM, or the first one on the PATH. */
function chromiumPath(): string {
  if (process.env.CHROMIUM) return process.env.CHROMIUM;
  for (const name of names) {
    try {
      return execFileSync('sh', ['-c', `command -v ${name}`], { encoding: 'utf8' }).trim();
    } catch {
      // The next one, perhaps.
    }
  }
  throw new Error('no Chromium found: install it, or name it in CHROMIUM');
}

/** One browser for the whole run. */
export default async function setup(project: TestProject) {
  if (!process.env.KEEP_SCREENSHOTS) rmSync(screenshots, { recursive: true, force: true });
  const server = await chromium.launchServer({
    executablePath: chromiumPath(),
    headless: true,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
  project.provide('browser', server.wsEndpoint());
  return () => server.close();
}
