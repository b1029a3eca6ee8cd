import { PlusOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useRoutes } from '@/api/lists';
import { useCan } from '@/app/session';
import { usePageSearch } from '@/app/use-page-search';
import { column, DataTable, EmptyState, Page, SearchBox, timeColumn, useToast } from '@/components';
import { RouteMenu, RouteSwitch } from './actions';
import { Chain } from './chain';
import { emptyRoute, RouteForm, valuesOf, type RouteValues } from './route-form';
import { Fallbacks, RouteReader } from './route-reader';
import './routes.css';
import { validateSearch, type RoutesSearch } from './search';
import { freeAlias, nameOf, type Route } from './targets';

/** The routes: names of our own for chains of models. */
export default function RoutesPage() {
  const { t } = useTranslation('routes');
  const canWrite = useCan('write');
  const [search, set] = usePageSearch(validateSearch);
  const routes = useRoutes();
  const [copied, setCopied] = useState<RouteValues | null>(null);
  const opened = routes.data?.find(({ id }) => id === search.route);
  const close = () => {
    setCopied(null);
    set({ route: undefined });
  };
  useGone(search.route, routes.data, close);
  const add = (values: RouteValues | null) => {
    setCopied(values);
    set({ route: 'new' });
  };
  return (
    <Page
      title={t('title')}
      intro={t('intro')}
      actions={
        canWrite ? (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => add(null)}>
            {t('add')}
          </Button>
        ) : null
      }
    >
      {(routes.data?.length ?? 0) > 0 ? <Filters search={search} set={set} /> : null}
      <RouteTable routes={routes} search={search} set={set} onAdd={add} />
      {canWrite ? (
        <RouteForm
          key={search.route ?? 'closed'}
          open={search.route === 'new' || opened !== undefined}
          route={opened ?? null}
          initial={opened ? valuesOf(opened) : (copied ?? emptyRoute)}
          onClose={close}
        />
      ) : (
        <RouteReader route={opened} onClose={close} />
      )}
    </Page>
  );
}

type SetSearch = (change: Partial<RoutesSearch>, how?: { replace?: boolean }) => void;

/** A link to a route that was deleted says so. */
function useGone(wanted: RoutesSearch['route'], routes: Route[] | undefined, close: () => void) {
  const { t } = useTranslation('routes');
  const toast = useToast();
  const isGone = typeof wanted === 'number' && routes !== undefined && !routes.some(({ id }) => id === wanted);
  useEffect(() => {
    if (!isGone) return;
    toast.info(t('gone'));
    close();
    // eslint-disable-next-line react-hooks/exhaustive-deps -- once, when it is found to be gone
  }, [isGone]);
}

function Filters({ search, set }: { search: RoutesSearch; set: SetSearch }) {
  const { t } = useTranslation('routes');
  const { t: common } = useTranslation();
  return (
    <div className="row filters" role="search">
      <SearchBox label={t('searchLabel')} value={search.q} onChange={(q) => set({ q }, { replace: true })} />
      <Select
        allowClear
        aria-label={t('filters.state')}
        placeholder={t('filters.state')}
        popupMatchSelectWidth={false}
        value={search.state}
        onChange={(state) => set({ state })}
        options={(['on', 'off'] as const).map((value) => ({ value, label: common(value) }))}
      />
      {search.to ? (
        <Button onClick={() => set({ to: undefined })}>
          {t('filters.to', { model: search.to })} ×
        </Button>
      ) : null}
    </div>
  );
}

/** The routes that an address shows. */
export function shownRoutes(routes: readonly Route[], { q, state, to }: RoutesSearch): Route[] {
  const text = (q ?? '').toLowerCase();
  return routes.filter(
    (route) =>
      `${route.alias} ${route.description ?? ''} ${route.targets.map(nameOf).join(' ')}`.toLowerCase().includes(text) &&
      (state === undefined || route.isActive === (state === 'on')) &&
      (to === undefined || route.targets.some((target) => nameOf(target) === to)),
  );
}

interface TableProps {
  routes: ReturnType<typeof useRoutes>;
  search: RoutesSearch;
  set: SetSearch;
  onAdd: (values: RouteValues | null) => void;
}

function RouteTable({ routes, search, set, onAdd }: TableProps) {
  const { t } = useTranslation('routes');
  const open = (route: Route) => set({ route: route.id });
  const duplicate = (route: Route) =>
    onAdd({ ...valuesOf(route), alias: freeAlias(t('copyOf', { alias: route.alias }), routes.data ?? []) });
  return (
    <DataTable<Route>
      label={t('title')}
      rows={routes.data && shownRoutes(routes.data, search)}
      rowKey={({ id }) => id}
      error={routes.error}
      loading={routes.isPending}
      onRetry={() => void routes.refetch()}
      onRowClick={open}
      openKey={typeof search.route === 'number' ? search.route : undefined}
      empty={<NoRoutes isFiltered={(routes.data?.length ?? 0) > 0} onAdd={() => onAdd(null)} onClear={() => set({ q: undefined, state: undefined, to: undefined })} />}
      columns={[
        column('alias', t('columns.alias'), (route) => (
          <div className="route-name">
            <button type="button" className="link mono" onClick={() => open(route)}>
              {route.alias}
            </button>
            {route.description ? <span className="quiet route-description">{route.description}</span> : null}
          </div>
        )),
        column('targets', t('columns.targets'), (route) => <Chain targets={route.targets} />),
        column('fallback', t('columns.fallback'), (route) => <Fallbacks route={route} />, { responsive: ['lg'] }),
        timeColumn('updated', t('columns.updated'), (route) => route.updatedAt, { responsive: ['xl'] }),
        column('on', t('columns.on'), (route) => <RouteSwitch route={route} />),
        column('menu', '', (route) => <RouteMenu route={route} onOpen={() => open(route)} onDuplicate={() => duplicate(route)} />, { width: 40 }),
      ]}
    />
  );
}

function NoRoutes({ isFiltered, onAdd, onClear }: { isFiltered: boolean; onAdd: () => void; onClear: () => void }) {
  const { t } = useTranslation('routes');
  const { t: components } = useTranslation('components');
  const canWrite = useCan('write');
  if (isFiltered) return <EmptyState title={components('nothingMatches')} action={<Button onClick={onClear}>{components('clearFilters')}</Button>} />;
  const action = canWrite ? (
    <Button type="primary" onClick={onAdd}>
      {t('empty.action')}
    </Button>
  ) : null;
  return <EmptyState title={t('empty.title')} text={t('empty.text')} action={action} />;
}
