import dayjs from 'dayjs';
import i18next from 'i18next';
import { initReactI18next } from 'react-i18next';
import { preferences } from '@/app/preferences';

/** The languages of the screen. */
export const languages = ['en', 'zh-CN'] as const;
export type Language = (typeof languages)[number];

/** What a language calls itself. */
export const languageNames: Record<Language, string> = { en: 'English', 'zh-CN': '简体中文' };

const loaders = {
  en: () => import('./en'),
  'zh-CN': async () => {
    await import('dayjs/locale/zh-cn');
    return import('./zh-CN');
  },
};

/** The language to begin with: the one that was chosen here, else the browser's. */
export function initialLanguage(wanted: readonly string[] = navigator.languages): Language {
  const chosen = preferences.read('language');
  if (chosen === 'en' || chosen === 'zh-CN') return chosen;
  for (const tag of wanted) {
    if (/^zh\b/i.test(tag)) return 'zh-CN';
    if (/^en\b/i.test(tag)) return 'en';
  }
  return 'en';
}

/** Loads a language's words and shows them from now on. */
export async function showWordsOf(language: Language): Promise<void> {
  const words = (await loaders[language]()).default;
  for (const [namespace, texts] of Object.entries(words)) {
    i18next.addResourceBundle(language, namespace, texts, true, true);
  }
  dayjs.locale(language === 'zh-CN' ? 'zh-cn' : 'en');
  document.documentElement.lang = language;
  await i18next.changeLanguage(language);
}

/** The language on the screen. */
export function currentLanguage(): Language {
  return i18next.language === 'zh-CN' ? 'zh-CN' : 'en';
}

/** Makes the words ready, before anything is drawn. */
export async function startWords(language: Language = initialLanguage()): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: false,
    defaultNS: 'common',
    ns: [],
    resources: {},
    // React escapes what it draws.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await showWordsOf(language);
}
