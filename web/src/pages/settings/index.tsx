import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { NoPermission, Page, QueryState } from '@/components';
import { useSettings, type Settings } from './api';
import { Channels } from './channels';
import { General } from './general';
import { Load } from './load';
import { Retention } from './retention';
import { sections, type Search, type Section } from './search';
import { Thresholds } from './thresholds';

const route = getRouteApi('/shell/settings');

/** What operators may change while Tollgate runs. */
export default function SettingsPage() {
  const { t } = useTranslation('settings');
  const isAllowed = useCan('access');
  return (
    <Page title={t('title')} intro={t('intro')}>
      {isAllowed ? <Sections /> : <NoPermission />}
    </Page>
  );
}

function Sections() {
  const { t } = useTranslation('settings');
  const search = route.useSearch();
  const navigate = useNavigate();
  const settings = useSettings();
  return (
    <Tabs
      activeKey={search.section ?? 'general'}
      onChange={(section) => void navigate({ to: '/settings', search: { section: section as Section } })}
      destroyOnHidden
      items={sections.map((section) => ({
        key: section,
        label: t(`sections.${section}`),
        children: (
          <QueryState query={settings} awaits={t('title')}>
            {(stored) => <One section={section} settings={stored} search={search} />}
          </QueryState>
        ),
      }))}
    />
  );
}

function One({ section, settings, search }: { section: Section; settings: Settings; search: Search }) {
  switch (section) {
    case 'general':
      return <General settings={settings} />;
    case 'load':
      return <Load settings={settings} />;
    case 'retention':
      return <Retention settings={settings} />;
    case 'alerts':
      return <Thresholds settings={settings} />;
    case 'channels':
      return <Channels settings={settings} open={search.channel} />;
  }
}
