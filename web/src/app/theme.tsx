import { App as Frame, ConfigProvider, theme as algorithms, type ThemeConfig } from 'antd';
import type { Locale } from 'antd/es/locale';
import enUS from 'antd/locale/en_US';
import { useEffect, useState, useSyncExternalStore, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
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

const font =
  "-apple-system, BlinkMacSystemFont, 'Segoe UI', 'PingFang SC', 'Hiragino Sans GB', 'Microsoft YaHei', 'Noto Sans CJK SC', 'Noto Sans SC', Roboto, 'Helvetica Neue', sans-serif";

/** Calm and dense; every text colour has a contrast of 4.5 and more on its ground. */
function themeOf(isDark: boolean): ThemeConfig {
  return {
    algorithm: isDark
      ? [algorithms.darkAlgorithm, algorithms.compactAlgorithm]
      : [algorithms.defaultAlgorithm, algorithms.compactAlgorithm],
    token: {
      fontFamily: font,
      fontSize: 14,
      borderRadius: 6,
      wireframe: false,
      colorPrimary: isDark ? '#34a36b' : '#17743f',
      colorInfo: isDark ? '#5a9cf0' : '#1d5fbf',
      colorLink: isDark ? '#7db4ff' : '#1d5fbf',
      colorSuccess: isDark ? '#4cc38a' : '#17743f',
      colorWarning: isDark ? '#e6b450' : '#8a5a00',
      colorError: isDark ? '#ff8078' : '#c0271f',
      ...(isDark
        ? { colorBgLayout: '#0f1512', colorBgContainer: '#161d19', colorBgElevated: '#1c2520' }
        : { colorBgLayout: '#f4f6f5' }),
      colorTextPlaceholder: isDark ? '#94a39b' : '#6a746f',
      colorTextDescription: isDark ? '#a3b1aa' : '#5a645f',
      colorTextSecondary: isDark ? '#b3bfb9' : '#4c5651',
      colorTextTertiary: isDark ? '#a3b1aa' : '#5a645f',
      colorTextQuaternary: isDark ? '#94a39b' : '#6a746f',
      colorTextDisabled: isDark ? '#87958e' : '#717a76',
      motionDurationMid: '0.12s',
      motionDurationSlow: '0.16s',
    },
    components: {
      Table: { cellPaddingBlockSM: 5, headerBg: isDark ? '#1a231e' : '#eef2f0' },
      Button: { primaryShadow: 'none', defaultShadow: 'none', dangerShadow: 'none', ...(isDark ? { primaryColor: '#06140c' } : {}) },
    },
  };
}

/** The nonce that styles of this page carry: put into it by the server. */
function nonce(): string | undefined {
  return document.querySelector<HTMLMetaElement>('meta[property="csp-nonce"]')?.nonce || undefined;
}

function useLocaleOfLibrary(): Locale {
  const { i18n } = useTranslation();
  const [locale, setLocale] = useState<Locale>(enUS);
  useEffect(() => {
    if (i18n.language !== 'zh-CN') {
      setLocale(enUS);
      return;
    }
    void import('antd/locale/zh_CN').then((loaded) => {
      const inner = loaded.default as unknown as { default?: Locale };
      setLocale(inner.default ?? (loaded.default as Locale));
    });
  }, [i18n.language]);
  return locale;
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
      <Frame message={{ maxCount: 3 }}>{children}</Frame>
    </ConfigProvider>
  );
}
