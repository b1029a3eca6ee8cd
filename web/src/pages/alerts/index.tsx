import { CheckCircleOutlined } from '@ant-design/icons';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { Button, Select, Skeleton } from 'antd';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { DataTable, EmptyState, Page, QueryState, RangePicker, StateTag, Time, column, textColumn, timeColumn, useRange } from '@/components';
import { formatDuration, formatExact } from '@/format';
import './alerts.css';
import { PAGE, useOpenAlerts, usePastAlerts, type Alert } from './data';
import { Deliveries, DeliveryTags } from './deliveries';
import { AlertBody, OpenAlert } from './open-alert';
import { alertKinds, alertLevels, validateSearch, type AlertsSearch } from './search';
import { titleOf } from './words';

/** What is wrong now, each with what to do; below it what was. */
export default function AlertsPage() {
  const { t } = useTranslation('alerts');
  const address = useSearch({ strict: false });
  const search = useMemo(() => validateSearch(address), [address]);
  const navigate = useNavigate();
  const change = useCallback(
    (next: AlertsSearch) => void navigate({ to: '.', search: (old: object) => ({ ...old, page: undefined, ...next }) as never, replace: true }),
    [navigate],
  );
  return (
    <Page title={t('title')} intro={t('intro')} actions={<Channels />}>
      <Filters search={search} onChange={change} />
      <Open search={search} />
      <Past search={search} onChange={change} />
    </Page>
  );
}

/** Channels are a setting. */
function Channels() {
  const { t } = useTranslation('alerts');
  const may = useCan('access');
  if (!may) return null;
  return (
    <Link to="/settings" search={{ section: 'channels' } as never}>
      <Button tabIndex={-1}>{t('channels')}</Button>
    </Link>
  );
}

interface Props {
  search: AlertsSearch;
  onChange: (next: AlertsSearch) => void;
}

function Filters({ search, onChange }: Props) {
  const { t } = useTranslation('alerts');
  const { t: components } = useTranslation('components');
  return (
    <div className="row" role="search" aria-label={t('filter.label')}>
      <Select
        aria-label={t('filter.kind')}
        placeholder={t('filter.kind')}
        allowClear
        popupMatchSelectWidth={false}
        className="alert-filter"
        value={search.kind ?? null}
        onChange={(kind) => onChange({ kind: kind ?? undefined })}
        options={alertKinds.map((value) => ({ value, label: components(`alertKind.${value}`) }))}
      />
      <Select
        aria-label={t('filter.level')}
        placeholder={t('filter.level')}
        allowClear
        className="alert-filter"
        value={search.level ?? null}
        onChange={(level) => onChange({ level: level ?? undefined })}
        options={alertLevels.map((value) => ({ value, label: components(`state.${value}`) }))}
      />
    </div>
  );
}

function Open({ search }: { search: AlertsSearch }) {
  const { t } = useTranslation('alerts');
  const query = useOpenAlerts(search);
  const calm = (
    <EmptyState
      icon={<CheckCircleOutlined aria-hidden />}
      title={t('calm.title')}
      text={search.kind || search.level ? t('calm.filtered') : t('calm.text')}
    />
  );
  return (
    <section aria-label={t('open')} className="stack" data-testid="open-alerts">
      <h2 className="section-title">
        {t('open')}
        {query.data && query.data.length > 0 ? ` (${formatExact(query.data.length)})` : ''}
      </h2>
      <QueryState query={query} awaits={t('title')} skeleton={<Skeleton active paragraph={{ rows: 4 }} />} isEmpty={(alerts) => alerts.length === 0} empty={calm}>
        {(alerts) => alerts.map((alert) => <OpenAlert key={alert.id} alert={alert} />)}
      </QueryState>
    </section>
  );
}

function Past({ search, onChange }: Props) {
  const { t } = useTranslation('alerts');
  const range = useRange('30d');
  const query = usePastAlerts(search, range);
  const columns = [
    column<Alert>('level', t('column.level'), (alert) => <StateTag state={alert.level} />, { width: 110 }),
    textColumn<Alert>('title', t('column.title'), (alert) => titleOf(alert, t)),
    timeColumn<Alert>('fired', t('column.fired'), (alert) => alert.firedAt),
    textColumn<Alert>('lasted', t('column.lasted'), lasted),
    textColumn<Alert>('told', t('told'), (alert) => <DeliveryTags deliveries={alert.deliveries} />),
  ];
  return (
    <section aria-label={t('past')} className="stack" data-testid="past-alerts">
      <div className="row spread">
        <h2 className="section-title">{t('past')}</h2>
        <RangePicker standard="30d" />
      </div>
      <DataTable<Alert>
        label={t('past')}
        rows={query.data?.alerts}
        columns={columns}
        rowKey={(alert) => alert.id}
        loading={query.isFetching}
        error={query.error}
        onRetry={() => void query.refetch()}
        empty={<EmptyState title={t('noPast.title')} text={t('noPast.text')} />}
        expandedRow={(alert) => <Told alert={alert} />}
        pagination={{ page: search.page ?? 1, pageSize: PAGE, total: query.data?.total ?? 0, onChange: (page) => onChange({ page: page === 1 ? undefined : page }) }}
      />
    </section>
  );
}

function lasted(alert: Alert) {
  return alert.resolvedAt ? formatDuration(Date.parse(alert.resolvedAt) - Date.parse(alert.firedAt)) : null;
}

function Told({ alert }: { alert: Alert }) {
  const { t } = useTranslation('alerts');
  return (
    <div className="stack">
      <AlertBody alert={alert} />
      <span className="quiet">
        {t('over')} <Time at={alert.resolvedAt} absolute />
      </span>
      <Deliveries deliveries={alert.deliveries} />
    </div>
  );
}
