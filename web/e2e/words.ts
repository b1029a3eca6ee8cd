import en from '../src/i18n/en';
import zh from '../src/i18n/zh-CN';

export const languages = ['en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];

/** The words of the screen: `wordsOf(language).providers.title`; Chinese lacks only plural forms. */
export function wordsOf(language: Language): typeof en {
  return language === 'en' ? en : (zh as unknown as typeof en);
}

/** Puts values into a text: `fill('{{count}} in all', { count: 3 })`. */
export function fill(text: string, values: Record<string, string | number>): string {
  return text.replace(/\{\{(\w+)\}\}/g, (whole, name: string) => String(values[name] ?? whole));
}
