import { App as Frame, ConfigProvider } from 'antd';
import type { Locale } from 'antd/es/locale';
import enUS from 'antd/locale/en_US';
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { themeOf } from './palette';
import { preferences } from './preferences';

export type ThemeChoice = 'light' | 'dark' | 'system';

const media = window.matchMedia('(prefers-color-scheme: dark)');
const listeners = new Set<() => void>();
let choice: ThemeChoice = read();

function read(): ThemeChoice {
  const kept = preferences.read('theme');
  return kept === 'light' || kept === 'dark' ? kept : 'system';
}

function subscribe(listener: () => void) {
  listeners.add(listener);
  media.addEventListener('change', listener);
  return () => {
    listeners.delete(listener);
    media.removeEventListener('change', listener);
  };
}

/** Chooses a theme for this browser. */
export function chooseTheme(next: ThemeChoice) {
  choice = next;
  preferences.write('theme', next);
  for (const listener of listeners) listener();
}

/** What was chosen. */
export function useThemeChoice(): ThemeChoice {
  return useSyncExternalStore(subscribe, () => choice);
}

/** Whether the screen is dark now. */
export function useIsDark(): boolean {
  return useSyncExternalStore(subscribe, () => choice === 'dark' || (choice === 'system' && media.matches));
}

/** The nonce that styles of this page carry: put into it by the server. */
function nonce(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined;
}

function useLocaleOfLibrary(): Locale {
  const { i18n } = useTranslation();
  const [chinese, setChinese] = useState<Locale | null>(null);
  const isChinese = i18n.language === 'zh-CN';
  useEffect(() => {
    if (!isChinese) return;
    void import('antd/locale/zh_CN').then((loaded) => {
      const inner = loaded.default as unknown as { default?: Locale };
      setChinese(inner.default ?? (loaded.default as Locale));
    });
  }, [isChinese]);
  return isChinese && chinese ? chinese : enUS;
}

/** The library's looks, language and nonce for everything within. */
export function Theme({ children }: { children: ReactNode }) {
  const isDark = useIsDark();
  const locale = useLocaleOfLibrary();
  useEffect(() => {
    document.documentElement.dataset.theme = isDark ? 'dark' : 'light';
  }, [isDark]);
  const value = nonce();
  return (
    <ConfigProvider
      theme={themeOf(isDark)}
      locale={locale}
      {...(value ? { csp: { nonce: value } } : {})}
      componentSize="middle"
      button={{ autoInsertSpace: false }}
    >
      <Frame className="frame" message={{ maxCount: 3 }}>{children}</Frame>
    </ConfigProvider>
  );
}
