/* eslint-disable no-restricted-globals -- the one place that touches the browser's storage */

/** What is kept in this browser. Nothing of it is secret; `session` only says that there is a cookie to try. */
export type Preference = 'language' | 'theme' | 'nav' | 'timeZone' | 'session' | 'logColumns';

const keyOf = (name: string) => `tollgate.${name}`;

/** Choices of the person at this browser; where storage is refused, they last as long as the page. */
export const preferences = {
  read(name: Preference): string | null {
    try {
      return localStorage.getItem(keyOf(name));
    } catch {
      return null;
    }
  },
  remove(name: Preference): void {
    try {
      localStorage.removeItem(keyOf(name));
    } catch {
      // As below.
    }
  },
  write(name: Preference, value: string): void {
    try {
      localStorage.setItem(keyOf(name), value);
    } catch {
      // Private windows may refuse; the choice then ends with the page.
    }
  },
};
