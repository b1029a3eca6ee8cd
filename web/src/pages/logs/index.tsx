import { ReloadOutlined } from '@ant-design/icons';
import { useNavigate, useParams, useSearch } from '@tanstack/react-router';
import { Button, Switch, Typography } from 'antd';
import { useCallback, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState, Failure, Page, RangePicker, TableSkeleton, Waiting, useRange } from '@/components';
import { formatExact } from '@/format';
import { useLive, type Call, type Live } from '@/components/calls';
import { CallDrawer } from './call-drawer';
import { CallList } from './call-list';
import { chosenColumns, type ColumnName } from './columns';
import { ColumnsButton } from './columns-button';
import { MOST_ROWS, useCalls, wantedOf, type Calls } from './data';
import { ExportButton } from './export-button';
import { FilterBar } from './filter-bar';
import { FindCall } from './find-call';
import './logs.css';
import { countFilters, validateSearch, type LogsSearch } from './search';

/** The calls on record: filtered, watched live, exported; one of them opens beside the list. */
export default function LogsPage() {
  const { t } = useTranslation('logs');
  const address = useSearch({ strict: false });
  const search = useMemo(() => validateSearch(address), [address]);
  const requestId = useParams({ strict: false, select: (params) => params.requestId });
  const range = useRange();
  const navigate = useNavigate();
  const [epoch, setEpoch] = useState(0);
  const [columns, setColumns] = useState(chosenColumns.read);
  const [sight, setSight] = useState({ first: 0, last: 0, isAtTop: true });

  const { startDate, endDate, tz } = range;
  const wanted = useMemo(() => wantedOf(search, { startDate, endDate, tz }), [search, startDate, endDate, tz]);
  const isLive = search.live === true;
  const live = useLive(isLive, wanted, !sight.isAtTop);
  const calls = useCalls(wanted, epoch, sight.first - live.calls.length, sight.last - live.calls.length);
  const rows = useRows(calls, live);

  const change = useCallback(
    (next: LogsSearch) => void navigate({ to: '.', search: (old: object) => ({ ...old, ...next }) as never, replace: true }),
    [navigate],
  );
  const open = useCallback(
    (call: Call | undefined) =>
      void (call
        ? navigate({ to: '/logs/$requestId', params: { requestId: call.requestId }, search: (old: object) => old as never, resetScroll: false })
        : navigate({ to: '/logs', search: (old: object) => old as never, resetScroll: false })),
    [navigate],
  );
  const onSight = useCallback((first: number, last: number, isAtTop: boolean) => setSight({ first, last, isAtTop }), []);
  const choose = (names: ColumnName[]) => {
    chosenColumns.write(names);
    setColumns(names);
  };
  const place = requestId === undefined ? -1 : rows.placeOf(requestId);
  const neighbour = (step: number) => {
    const call = place < 0 ? undefined : rows.rowAt(place + step);
    return call && (() => open(call));
  };
  return (
    <Page title={t('title')} intro={t('intro')} actions={<RangePicker />}>
      <div className="logs">
        <div className="row spread">
          <FindCall />
          <div className="row">
            <span className="row">
              <Switch size="small" checked={isLive} onChange={(on) => change({ live: on || undefined })} aria-label={t('live.switch')} />
              {t('live.switch')}
            </span>
            <Button icon={<ReloadOutlined aria-hidden />} aria-label={t('refresh')} title={t('refresh')} onClick={() => setEpoch(epoch + 1)} />
            <ColumnsButton columns={columns} onChange={choose} />
            <ExportButton wanted={wanted} total={calls.total} isCapped={calls.isCapped} />
          </div>
        </div>
        <FilterBar search={search} onChange={change} />
        <Standing calls={calls} live={live} isLive={isLive} />
        <List calls={calls} rows={rows} columns={columns} search={search} openId={requestId} onOpen={open} onSight={onSight} onChange={change} />
      </div>
      {requestId ? <CallDrawer requestId={requestId} onClose={() => open(undefined)} onNewer={neighbour(-1)} onOlder={neighbour(1)} /> : null}
    </Page>
  );
}

interface Rows {
  count: number;
  rowAt: (index: number) => Call | undefined;
  placeOf: (requestId: string) => number;
}

/** The live calls above those on record, each once. */
function useRows(calls: Calls, live: Live): Rows {
  const known = new Set(Array.from({ length: 100 }, (_, index) => calls.rowAt(index)?.requestId));
  const fresh = live.calls.filter((call) => !known.has(call.requestId));
  const rowAt = (index: number) => (index < fresh.length ? fresh[index] : calls.rowAt(index - fresh.length));
  const count = fresh.length + calls.count;
  const placeOf = (requestId: string) => {
    for (let index = 0; index < Math.min(count, 5000); index += 1) if (rowAt(index)?.requestId === requestId) return index;
    return -1;
  };
  return { count, rowAt, placeOf };
}

/** How many calls there are, and how watching fares. */
function Standing({ calls, live, isLive }: { calls: Calls; live: Live; isLive: boolean }) {
  const { t } = useTranslation('logs');
  const total = `${formatExact(calls.total)}${calls.isCapped ? '+' : ''}`;
  return (
    <div className="row logs-status" role="status">
      {calls.isPending ? null : <Typography.Text type="secondary">{t('total', { count: calls.total, total })}</Typography.Text>}
      {calls.total > MOST_ROWS ? <Typography.Text type="secondary">{t('most', { count: MOST_ROWS, rows: formatExact(MOST_ROWS) })}</Typography.Text> : null}
      {isLive ? (
        <span className="row" data-testid="live">
          {live.isOpen ? <span className="live-dot" aria-hidden="true" /> : null}
          {live.isOpen ? t('live.on', { count: live.calls.length, calls: formatExact(live.calls.length) }) : t('live.again')}
          {live.missed > 0 ? t('live.missed', { count: live.missed, calls: formatExact(live.missed) }) : null}
          {live.error && !live.isOpen ? <Typography.Text type="danger">{live.error.message}</Typography.Text> : null}
        </span>
      ) : null}
      {live.waiting > 0 ? (
        <Button size="small" type="primary" onClick={live.show}>
          {t('live.waiting', { count: live.waiting, calls: formatExact(live.waiting) })}
        </Button>
      ) : null}
    </div>
  );
}

interface ListProps {
  calls: Calls;
  rows: Rows;
  columns: readonly ColumnName[];
  search: LogsSearch;
  openId: string | undefined;
  onOpen: (call: Call) => void;
  onSight: (first: number, last: number, isAtTop: boolean) => void;
  onChange: (change: LogsSearch) => void;
}

function List({ calls, rows, columns, search, openId, onOpen, onSight, onChange }: ListProps) {
  const { t } = useTranslation('logs');
  if (calls.error && rows.count === 0) return <Failure error={calls.error} onRetry={calls.refetch} isBusy={calls.isFetching} />;
  if (calls.isPending) {
    return (
      <Waiting awaits={t('title')}>
        <TableSkeleton columns={columns.length} rows={12} />
      </Waiting>
    );
  }
  if (rows.count === 0) return <Nothing search={search} onChange={onChange} />;
  return (
    <>
      {calls.error ? <Failure error={calls.error} onRetry={calls.refetch} isBusy={calls.isFetching} /> : null}
      <CallList columns={columns} count={rows.count} rowAt={rows.rowAt} openId={openId} onOpen={onOpen} onSight={onSight} isBusy={calls.isFetching} />
    </>
  );
}

function Nothing({ search, onChange }: { search: LogsSearch; onChange: (change: LogsSearch) => void }) {
  const { t } = useTranslation('logs');
  const { t: components } = useTranslation('components');
  const { t: pages } = useTranslation('playground');
  const playground = pages('title');
  const navigate = useNavigate();
  if (search.live) return <EmptyState title={t('empty.live')} text={t('empty.liveText')} />;
  if (countFilters(search) === 0) {
    return <EmptyState title={t('empty.title')} text={t('empty.text', { playground })} action={<Button onClick={() => void navigate({ to: '/playground' })}>{t('empty.action', { playground })}</Button>} />;
  }
  const clear = Object.fromEntries(Object.keys(search).map((name) => [name, undefined])) as LogsSearch;
  return (
    <EmptyState
      title={components('nothingMatches')}
      text={t('empty.filtered')}
      action={<Button onClick={() => onChange(clear)}>{components('clearFilters')}</Button>}
    />
  );
}
