import { flag, oneOf, type Raw } from '@/app/search';

export const tabs = ['keys', 'jobs', 'system'] as const;

/** What the address of the status says. */
export interface StatusSearch {
  tab?: (typeof tabs)[number] | undefined;
  /** Only keys that cannot be used. */
  out?: true | undefined;
  /** The test of the keys is open. */
  test?: true | undefined;
}

export function validateSearch(raw: Raw): StatusSearch {
  return { tab: oneOf(raw.tab, tabs), out: flag(raw.out), test: flag(raw.test) };
}
