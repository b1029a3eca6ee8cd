import { PauseOutlined, PlayCircleOutlined } from '@ant-design/icons';
import { Link, useNavigate } from '@tanstack/react-router';
import { Badge, Button } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '@/api/client';
import { useApiQuery } from '@/api/query';
import { useRange } from '@/app/use-range';
import { column, DataTable, durationColumn, EmptyState, Money, numberColumn, StateTag, textColumn, Time, type Column } from '@/components';
import { merged, stateOf, useLive, type Call } from '@/components/calls';
import { Panel, type Filter } from '@/components/report';

/** Calls in sight. */
const KEPT = 12;

/** The newest calls, and each new one when it ends; pausing holds them. */
export default function LiveTail({ filter }: { filter: Filter }) {
  const { t } = useTranslation('dashboard');
  const navigate = useNavigate();
  const { startDate, endDate, tz } = useRange();
  const [isHeld, setHeld] = useState(false);
  const query = { ...filter, pageSize: KEPT };
  const newest = useApiQuery(['stats', 'newest', query], (signal) => call(api.GET('/api/admin/ai-stats/logs', { params: { query }, signal })));
  const live = useLive(true, { ...filter, startDate, endDate, tz }, isHeld);
  const rows = useMemo(
    () => (newest.data ? merged(newest.data.logs, live.calls).slice(0, KEPT) : undefined),
    [newest.data, live.calls],
  );
  const columns: Column<Call>[] = [
    column<Call>('at', t('live.at'), (row) => <Time at={row.createdAt} />, { width: 130 }),
    column<Call>('state', t('live.state'), (row) => <StateTag state={stateOf(row)} reason={row.errorCode} />, { width: 110 }),
    textColumn<Call>('model', t('live.model'), (row) => <span className="break">{row.model ?? row.requestedModel ?? '–'}</span>),
    textColumn<Call>('provider', t('live.provider'), (row) => row.providerCode ?? '–'),
    textColumn<Call>('key', t('live.key'), (row) => row.keyName ?? '–'),
    textColumn<Call>('app', t('live.app'), (row) => row.appName ?? row.userName ?? '–'),
    numberColumn<Call>('tokens', t('measure.tokens'), (row) => row.totalTokens),
    column<Call>('cost', t('measure.cost'), (row) => (row.attempts === 0 ? '–' : <Money usd={row.costUsd} />), { align: 'right', className: 'numeric' }),
    durationColumn<Call>('latency', t('column.latency'), (row) => row.latencyMs),
  ];
  const status = live.error ? 'error' : isHeld ? 'warning' : live.isOpen ? 'processing' : 'default';
  return (
    <Panel
      title={t('live.title')}
      extra={
        <>
          <Badge status={status} text={live.error ? t('live.broken') : isHeld ? t('live.held', { count: live.waiting }) : t('live.on')} />
          <Button size="small" icon={isHeld ? <PlayCircleOutlined /> : <PauseOutlined />} onClick={() => setHeld(!isHeld)}>
            {t(isHeld ? 'live.resume' : 'live.pause')}
          </Button>
          <Link to="/logs" search={{ ...filter, live: true } as never}>
            {t('live.all')}
          </Link>
        </>
      }
    >
      <DataTable<Call>
        label={t('live.title')}
        rows={rows}
        columns={columns}
        rowKey={(row) => row.requestId}
        error={newest.error}
        onRetry={() => void newest.refetch()}
        pagination={false}
        empty={<EmptyState title={t('live.none')} text={t('live.noneText')} />}
        onRowClick={(row) => void navigate({ to: '/logs/$requestId', params: { requestId: row.requestId } })}
      />
    </Panel>
  );
}
