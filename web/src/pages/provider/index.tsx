import { getRouteApi, Link, useNavigate } from '@tanstack/react-router';
import { Button, Tabs } from 'antd';
import { useTranslation } from 'react-i18next';
import { useProviders } from '@/api/lists';
import { useCan } from '@/app/session';
import { EmptyState, Page, QueryState } from '@/components';
import { useLiveKeys, useProvider } from '../providers/api';
import { healthOf, type Provider } from '../providers/health';
import { HealthReason, HealthTag } from '../providers/health-tag';
import { ProviderDrawer } from '../providers/provider-drawer';
import { ProviderSwitch } from '../providers/provider-switch';
import '../providers/providers.css';
import { SyncDrawer } from '../providers/sync-drawer';
import { KeysTab } from './keys/keys-tab';
import { ModelsTab } from './models-tab';
import type { Search } from './search';
import { SettingsTab } from './settings-tab';

const route = getRouteApi('/shell/providers/$id/$tab');
const tabs = ['keys', 'models', 'settings'] as const;
type Tab = (typeof tabs)[number];

/** One provider: its keys, its models, its settings. */
export default function ProviderPage() {
  const { id } = route.useParams();
  const { t } = useTranslation('providers');
  const provider = useProvider(Number(id));
  if (provider.error?.status === 404 || provider.error?.status === 422) return <Missing />;
  return (
    <QueryState query={provider} awaits={t('waiting')}>
      {(found) => <Loaded key={found.id} provider={found} />}
    </QueryState>
  );
}

function Missing() {
  const { t } = useTranslation('providers');
  return (
    <Page title={t('breadcrumb')}>
      <EmptyState
        title={t('missing.title')}
        text={t('missing.text')}
        action={<Link to="/providers"><Button type="primary">{t('missing.back')}</Button></Link>}
      />
    </Page>
  );
}

function Loaded({ provider }: { provider: Provider }) {
  const { t } = useTranslation('providers');
  const { tab: named } = route.useParams();
  const search = route.useSearch();
  const navigate = useNavigate();
  const mayWrite = useCan('write');
  const all = useProviders();
  const tab: Tab = tabs.find((each) => each === named) ?? 'keys';
  const params = { id: String(provider.id), tab };
  const go = (change: Search) => void navigate({ to: '/providers/$id/$tab', params, search: (old: Search) => ({ ...old, ...change }) });
  const contents: Record<Tab, React.ReactNode> = {
    keys: <KeysTab provider={provider} search={search} />,
    models: <ModelsTab provider={provider} onSync={() => go({ sync: true })} />,
    settings: <SettingsTab provider={provider} onEdit={() => go({ form: true })} />,
  };
  return (
    <Page
      title={provider.providerName}
      intro={<Head provider={provider} />}
      actions={mayWrite ? <ProviderSwitch provider={provider} /> : null}
    >
      <Tabs
        activeKey={tab}
        onChange={(next) => void navigate({ to: '/providers/$id/$tab', params: { ...params, tab: next } })}
        items={tabs.map((key) => ({ key, label: t(`tabs.${key}`), children: key === tab ? contents[key] : null }))}
      />
      {mayWrite ? (
        <>
          <ProviderDrawer open={search.form ?? false} provider={provider} taken={all.data ?? []} onClose={() => go({ form: undefined })} />
          <SyncDrawer provider={search.sync ? provider : undefined} onClose={() => go({ sync: undefined })} />
        </>
      ) : null}
    </Page>
  );
}

function Head({ provider }: { provider: Provider }) {
  const { t } = useTranslation('providers');
  const live = useLiveKeys();
  const health = live.data ? healthOf(provider, live.data) : null;
  return (
    <span className="row">
      <Link to="/providers">{t('breadcrumb')}</Link> / <span className="mono">{provider.providerCode}</span>
      {health ? (
        <>
          <HealthTag health={health} />
          <HealthReason health={health} />
        </>
      ) : null}
    </span>
  );
}
