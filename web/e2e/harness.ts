import { chromium, type Browser, type BrowserContext, type Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, inject } from 'vitest';
import { Api, simulate } from './api';
import { axe, fits, shot, sizes } from './look';
import { adminPassword, Server, type ServerOptions } from './server';
import { Watch, type Allowed } from './watch';
import { languages, wordsOf, type Language } from './words';

export { Api } from './api';
export { axe, fits, shot, sizes, textOf } from './look';
export { adminPassword } from './server';
export { fill, languages, wordsOf, type Language } from './words';

export type Role = 'admin' | 'analyst' | 'app';

export interface StageOptions extends ServerOptions {
  /** Leaves the database as a first start does: no provider that answers, no further users. */
  empty?: boolean;
  /** Nobody has ever signed in: the server makes a password, `stage.server.madePassword()`, and there is no `admin`. */
  isFirstStart?: boolean;
}

export interface Looks {
  /** Who is signed in; nobody with `null`. Default admin. */
  as?: Role | null;
  /** Default English. */
  language?: Language;
  /** Default light. */
  theme?: 'light' | 'dark';
  /** Default wide: 1280 × 800. */
  size?: keyof typeof sizes;
  /** Failures that the test is about. */
  allow?: Allowed[];
}

/** A server of this file's own, and pages in front of it. `useStage()` once at the top of a file. */
export class Stage {
  server!: Server;
  /** The API, as the first admin. */
  admin!: Api;
  /** The provider in front of the simulator, and its key; 0 on an empty stage. */
  providerId = 0;
  keyId = 0;
  private browser!: Browser;
  private readonly open_: { context: BrowserContext; watch: Watch }[] = [];

  constructor(private readonly options: StageOptions) {}

  get url() {
    return this.server.url;
  }

  async begin() {
    this.browser = await chromium.connect(inject('browser'));
    const { isFirstStart, ...options } = this.options;
    this.server = await Server.begin(isFirstStart ? { ...options, env: { ...options.env, ADMIN_PASSWORD: undefined } } : options);
    if (isFirstStart) return;
    this.admin = await Api.signIn(this.url, 'admin', adminPassword);
    if (this.options.empty) return;
    Object.assign(this, await simulate(this.admin, this.server.simulatorUrl));
    for (const role of ['analyst', 'app'] as const) await this.addUser(role, role);
  }

  async end() {
    await this.browser?.close();
    await this.server?.close();
  }

  /** A user who is asked for no other password. */
  async addUser(username: string, role: Role): Promise<void> {
    await this.admin.post('/api/admin/users', { username, password: 'a first password', role });
    const user = await Api.signIn(this.url, username, 'a first password');
    await user.post('/api/auth/password', { currentPassword: 'a first password', newPassword: adminPassword });
  }

  /** A new browser window with a page at `path`. */
  async open(path: string, looks: Looks = {}): Promise<Page> {
    const { as = 'admin', language = 'en', theme = 'light', size = 'wide', allow = [] } = looks;
    const context = await this.browser.newContext({
      baseURL: this.url,
      viewport: sizes[size],
      locale: language,
      colorScheme: theme,
      timezoneId: 'UTC',
      reducedMotion: 'reduce',
    });
    const watch = new Watch(context, this.url);
    watch.allow(...allow);
    this.open_.push({ context, watch });
    if (as) await this.signIn(context, as);
    const page = await context.newPage();
    await page.goto(path);
    return page;
  }

  /** Lets pages that are open end requests so. */
  allow(...allowed: Allowed[]) {
    for (const { watch } of this.open_) watch.allow(...allowed);
  }

  private async signIn(context: BrowserContext, username: string) {
    const data = { username, password: adminPassword, asCookie: true };
    const response = await context.request.post('/api/auth/login', { data });
    if (!response.ok()) throw new Error(`${username} cannot sign in: ${await response.text()}`);
    await context.addInitScript(() => {
      // An empty page, which every window begins with, has no storage.
      if (location.protocol.startsWith('http')) window.localStorage.setItem('tollgate.session', 'yes');
    });
  }

  /** Closes what the test opened, and fails it when the browser complained. `failed`: takes pictures first, by this name. */
  async sweep(failed?: string) {
    const open = this.open_.splice(0);
    if (failed !== undefined) {
      const pages = open.flatMap(({ context }) => context.pages());
      await Promise.all(pages.map((page, at) => shot(page, `failed-${failed}-${at + 1}`).catch(() => undefined)));
    }
    await Promise.all(open.map(({ context }) => context.close()));
    for (const { watch } of open) watch.check();
  }
}

/** A test's name as that of a picture, with its group's: the language perhaps. */
const nameOf = ({ name, suite }: { name: string; suite?: { name: string } }) => `${suite?.name ?? ''}-${name}`.replace(/\W+/g, '-').slice(0, 60);

/** A stage for the tests of this file: begun before them, swept after each, ended after all. */
export function useStage(options: StageOptions = {}): Stage {
  const stage = new Stage(options);
  // A past takes its time to be made up: a millisecond a call is enough anywhere.
  beforeAll(() => stage.begin(), 120_000 + (options.history?.rows ?? 0));
  afterEach(({ task }) => stage.sweep(task.result?.state === 'fail' ? nameOf(task) : undefined));
  afterAll(() => stage.end());
  return stage;
}

/** The same tests in each language: `inBothLanguages((language, words) => { it('…', …) })`. */
export function inBothLanguages(tests: (language: Language, words: ReturnType<typeof wordsOf>) => void) {
  for (const language of languages) describe(language, () => tests(language, wordsOf(language)));
}

const phoneTheme = { en: 'light', 'zh-CN': 'dark' } as const;

/**
 * Looks at a page in every way: both languages, both themes, and on a phone in one theme for each language. Takes a picture of each, and asks
 * axe-core in one language, since the other has the same elements and colours: of everything, and in the dark of the colours. `ready` waits until the page shows what it has.
 */
export async function lookAt(
  stage: Stage,
  name: string,
  path: string,
  ready: (page: Page, language: Language) => Promise<unknown>,
  looks: Omit<Looks, 'language' | 'theme' | 'size'> = {},
): Promise<void> {
  for (const language of languages) {
    const page = await stage.open(path, { ...looks, language });
    await ready(page, language);
    for (const theme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme: theme });
      await page.locator(`html[data-theme=${theme}]`).waitFor({ state: 'attached' });
      if (language === 'en') await axe(page, theme === 'light' ? 'everything' : 'colours');
      await fits(page);
      await shot(page, `${name}-${language}-${theme}-wide`);
      // A phone has the same places in both themes.
      if (theme !== phoneTheme[language]) continue;
      await page.setViewportSize(sizes.phone);
      await fits(page);
      await shot(page, `${name}-${language}-${theme}-phone`);
      await page.setViewportSize(sizes.wide);
    }
  }
}
