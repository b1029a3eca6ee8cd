import { CloudServerOutlined, DeploymentUnitOutlined, GlobalOutlined, LogoutOutlined, MoonOutlined, SearchOutlined, SunOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useModels, useProviders } from '@/api/lists';
import { currentLanguage, languageNames, showWordsOf } from '@/i18n';
import { pageNames, pagesOf } from '../pages';
import { preferences } from '../preferences';
import { session, useMe } from '../session';
import { chooseTheme, useIsDark } from '../theme';

export interface PaletteItem {
  key: string;
  group: string;
  label: string;
  icon: ReactNode;
  run: () => void;
}

/** At most so many of a kind: whoever does not find it types more. */
const MOST = 6;
const requestId = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Whether every word of `wanted` is in `text`. */
export function matches(text: string, wanted: string): boolean {
  const hay = text.toLowerCase();
  return wanted.toLowerCase().split(/\s+/).every((word) => hay.includes(word));
}

/** What fits the text: a call by its id, pages, providers, models, actions. */
export function usePaletteItems(text: string): PaletteItem[] {
  const wanted = text.trim();
  const call = useCallItem(wanted);
  const found = [...usePageItems(), ...useThingItems(wanted), ...useActionItems()];
  return [...call, ...found.filter((item) => wanted === '' || matches(`${item.label} ${item.key}`, wanted))];
}

function useCallItem(wanted: string): PaletteItem[] {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const { role } = useMe();
  if (!requestId.test(wanted) || role === 'app') return [];
  return [
    {
      key: 'call',
      group: t('palette.calls'),
      label: t('palette.call', { id: wanted }),
      icon: <SearchOutlined aria-hidden />,
      run: () => void navigate({ to: '/logs/$requestId', params: { requestId: wanted.toLowerCase() } }),
    },
  ];
}

function usePageItems(): PaletteItem[] {
  const { t } = useTranslation(pageNames);
  const { t: shell } = useTranslation('shell');
  const navigate = useNavigate();
  return pagesOf(useMe().role).map((page) => ({
    key: `page ${page.name}`,
    group: shell('palette.pages'),
    label: t(`${page.name}:title`),
    icon: page.icon,
    run: () => void navigate({ to: page.path }),
  }));
}

function useThingItems(wanted: string): PaletteItem[] {
  const { t } = useTranslation('shell');
  const navigate = useNavigate();
  const providers = useProviders().data ?? [];
  const models = useModels().data ?? [];
  if (wanted === '') return [];
  const provided = providers
    .filter((each) => matches(`${each.providerName} ${each.providerCode}`, wanted))
    .slice(0, MOST)
    .map((each) => ({
      key: `provider ${each.providerCode}`,
      group: t('palette.providers'),
      label: each.providerName,
      icon: <CloudServerOutlined aria-hidden />,
      run: () => void navigate({ to: '/providers/$id/$tab', params: { id: String(each.id), tab: 'keys' } }),
    }));
  const modelled = models
    .filter((each) => matches(`${each.modelCode} ${each.modelName}`, wanted))
    .slice(0, MOST)
    .map((each) => ({
      key: `model ${each.modelCode} ${each.modelName} ${each.id}`,
      group: t('palette.models'),
      label: each.modelCode,
      icon: <DeploymentUnitOutlined aria-hidden />,
      run: () => void navigate({ to: '/models/$id', params: { id: String(each.id) } }),
    }));
  return [...provided, ...modelled];
}

function useActionItems(): PaletteItem[] {
  const { t } = useTranslation('shell');
  const isDark = useIsDark();
  const other = currentLanguage() === 'en' ? 'zh-CN' : 'en';
  const group = t('palette.actions');
  return [
    {
      key: 'action theme dark light',
      group,
      label: `${t('theme.title')}: ${isDark ? t('theme.light') : t('theme.dark')}`,
      icon: isDark ? <SunOutlined /> : <MoonOutlined />,
      run: () => chooseTheme(isDark ? 'light' : 'dark'),
    },
    {
      key: 'action language english chinese 中文',
      group,
      label: `${t('language')}: ${languageNames[other]}`,
      icon: <GlobalOutlined aria-hidden />,
      run: () => {
        preferences.write('language', other);
        void showWordsOf(other);
      },
    },
    { key: 'action sign out log out', group, label: t('signOut'), icon: <LogoutOutlined aria-hidden />, run: () => void session.signOut() },
  ];
}
