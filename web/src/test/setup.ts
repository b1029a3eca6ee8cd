import { beforeAll } from 'vitest';
import { startWords } from '@/i18n';

// What jsdom lacks and the library asks for.
window.matchMedia = (query: string) =>
  ({ matches: false, media: query, addEventListener: () => undefined, removeEventListener: () => undefined }) as unknown as MediaQueryList;
globalThis.ResizeObserver = class {
  observe() {}
  unobserve() {}
  disconnect() {}
};

beforeAll(() => startWords('en'));
