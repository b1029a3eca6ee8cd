import { PlusOutlined } from '@ant-design/icons';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button, Card, Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProviders } from '@/api/lists';
import { useCan } from '@/app/session';
import { EmptyState, Page, QueryState, SearchBox } from '@/components';
import { useLiveKeys, useTraffic } from './api';
import { DeleteProvider } from './delete-provider';
import { byUrgency, filters, healthOf, passes, type Provider } from './health';
import { ProviderCard } from './provider-card';
import { ProviderDrawer } from './provider-drawer';
import './providers.css';
import type { Search } from './search';
import { SyncDrawer } from './sync-drawer';
import { trafficById } from './traffic';

const route = getRouteApi('/shell/providers');

/** Every provider as a card, with what needs somebody first. */
export default function ProvidersPage() {
  const { t } = useTranslation('providers');
  const search = route.useSearch();
  const navigate = useNavigate();
  const mayWrite = useCan('write');
  const providers = useProviders();
  const [deleted, setDeleted] = useState<Provider | null>(null);
  const go = (change: Search) => void navigate({ to: '/providers', search: (old: Search) => ({ ...old, ...change }), replace: 'q' in change || 'state' in change });
  const add = mayWrite ? (
    <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => go({ edit: 'new' })}>
      {t('add')}
    </Button>
  ) : null;
  return (
    <Page title={t('title')} intro={mayWrite ? t('intro') : t('readOnly')} actions={add}>
      <QueryState
        query={providers}
        awaits={t('waiting')}
        skeleton={<CardSkeletons />}
        isEmpty={(all) => all.length === 0}
        empty={<EmptyState title={t('empty.title')} text={t('empty.text')} action={add} />}
      >
        {(all) => (
          <>
            <Filters search={search} onChange={go} />
            <Cards all={all} search={search} onChange={go} onDelete={setDeleted} />
            <ProviderDrawer
              provider={all.find((each) => String(each.id) === search.edit)}
              open={mayWrite && search.edit !== undefined}
              taken={all}
              onClose={() => go({ edit: undefined })}
            />
            <SyncDrawer
              provider={mayWrite ? all.find((each) => each.id === search.sync) : undefined}
              onClose={() => go({ sync: undefined })}
            />
          </>
        )}
      </QueryState>
      <DeleteProvider provider={deleted} onClose={() => setDeleted(null)} />
    </Page>
  );
}

function Filters({ search, onChange }: { search: Search; onChange: (change: Search) => void }) {
  const { t } = useTranslation('providers');
  const options = [{ value: 'all', label: t('filter.all') }, ...filters.map((value) => ({ value, label: t(`filter.${value}`) }))];
  return (
    <div className="provider-filters" role="search">
      <SearchBox label={t('search')} value={search.q} onChange={(q) => onChange({ q })} />
      <Segmented
        options={options}
        value={search.state ?? 'all'}
        onChange={(value) => onChange({ state: filters.find((each) => each === value) })}
      />
    </div>
  );
}

interface CardsProps {
  all: Provider[];
  search: Search;
  onChange: (change: Search) => void;
  onDelete: (provider: Provider) => void;
}

function Cards({ all, search, onChange, onDelete }: CardsProps) {
  const { t } = useTranslation('providers');
  const { t: shared } = useTranslation('components');
  const live = useLiveKeys();
  const traffic = useTraffic();
  const byId = traffic.data ? trafficById(traffic.data) : undefined;
  const words = search.q?.toLowerCase() ?? '';
  const shown = all
    .map((provider) => ({ provider, health: healthOf(provider, live.data ?? []) }))
    .filter(({ provider }) => `${provider.providerName} ${provider.providerCode}`.toLowerCase().includes(words))
    .filter(({ health }) => live.data === undefined || passes(health.state, search.state));
  if (live.data) shown.sort((one, other) => byUrgency(one.health.state, other.health.state));
  if (shown.length === 0) {
    const clear = <Button onClick={() => onChange({ q: undefined, state: undefined })}>{shared('clearFilters')}</Button>;
    return <EmptyState title={t('empty.none')} action={clear} />;
  }
  return (
    <div className="provider-grid" role="list">
      {shown.map(({ provider, health }) => (
        <ProviderCard
          key={provider.id}
          provider={provider}
          health={live.data ? health : undefined}
          traffic={byId ? (byId.get(String(provider.id)) ?? { calls: 0, success: null }) : undefined}
          onEdit={() => onChange({ edit: String(provider.id) })}
          onSync={() => onChange({ sync: provider.id })}
          onDelete={() => onDelete(provider)}
        />
      ))}
    </div>
  );
}

function CardSkeletons() {
  return (
    <div className="provider-grid" aria-hidden="true">
      {Array.from({ length: 6 }, (_, card) => (
        <Card key={card} size="small" className="provider-card">
          <Skeleton active title={{ width: '40%' }} paragraph={{ rows: 4 }} />
        </Card>
      ))}
    </div>
  );
}
