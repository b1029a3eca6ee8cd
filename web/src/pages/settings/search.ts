import { oneOf, text, type Raw } from '@/app/search';

export const sections = ['general', 'load', 'retention', 'alerts', 'channels'] as const;
export type Section = (typeof sections)[number];

/** What the page keeps in its address. */
export interface Search {
  section?: Section | undefined;
  /** The channel whose drawer is open: its name, or `new:slack` and so on. */
  channel?: string | undefined;
}

export function validateSearch(raw: Raw): Search {
  return { section: oneOf(raw.section, sections), channel: text(raw.channel) };
}
