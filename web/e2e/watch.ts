import type { BrowserContext, Page, Response } from 'playwright-core';

/** A failure that a test is about: this status at a path that begins so. */
export interface Allowed {
  status: number | 'none';
  path: string;
}

/**
 * Notes whatever went wrong in the pages of a context: errors and warnings of the console, breaches of the
 * content-security policy (the console tells those, too), requests that failed or left our origin.
 */
export class Watch {
  private readonly problems: string[] = [];
  private readonly allowed: Allowed[] = [];

  constructor(
    context: BrowserContext,
    private readonly origin: string,
  ) {
    context.on('page', (page) => this.follow(page));
  }

  /** Lets requests to such paths end so; `none`: without an answer. */
  allow(...allowed: Allowed[]) {
    this.allowed.push(...allowed);
  }

  /** Throws when anything went wrong that was not allowed. */
  check() {
    const found = this.problems.splice(0);
    if (found.length > 0) throw new Error(`the browser complains:\n${found.join('\n')}`);
  }

  private follow(page: Page) {
    page.on('console', (message) => {
      if (!['error', 'warning'].includes(message.type())) return;
      // That a request failed is judged below, by its status.
      if (message.text().startsWith('Failed to load resource')) return;
      // What a script of ours, or axe-core, says when it cannot load from a server that a test has stopped.
      const isGone = /preload (CSS|assets)|dynamically imported module/.test(message.text());
      if (isGone && this.allowed.some(({ status }) => status === 'none')) return;
      this.problems.push(`console ${message.type()}: ${message.text()}`);
    });
    page.on('pageerror', (error) => this.problems.push(`uncaught: ${error.stack ?? error.message}`));
    page.on('request', (request) => {
      const url = request.url();
      if (!url.startsWith(this.origin) && !/^(data|blob):/.test(url)) this.problems.push(`left our origin: ${url}`);
    });
    page.on('response', (response) => this.judge(response));
    page.on('requestfailed', (request) => {
      const why = request.failure()?.errorText ?? '';
      // Queries of a page that was left are called off.
      if (why === 'net::ERR_ABORTED' || this.isAllowed('none', request.url())) return;
      this.problems.push(`no answer: ${request.method()} ${request.url()} ${why}`);
    });
  }

  private judge(response: Response) {
    if (response.status() < 400 || this.isAllowed(response.status(), response.url())) return;
    this.problems.push(`${response.status()}: ${response.request().method()} ${response.url()}`);
  }

  private isAllowed(status: Allowed['status'], url: string): boolean {
    const path = url.startsWith(this.origin) ? url.slice(this.origin.length) : url;
    return this.allowed.some((each) => each.status === status && path.startsWith(each.path));
  }
}
