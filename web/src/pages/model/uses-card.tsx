import { Link } from '@tanstack/react-router';
import { Skeleton, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { DataTable, moneyColumn, numberColumn, textColumn } from '@/components';
import type { ModelRow } from '../models/data';
import { useNamingTokens, type UsageRow } from './data';
import { Part } from './part';

/** What would miss the model: its provider, routes, tokens, callers. */
export function UsesCard({ row, callers }: { row: ModelRow; callers: UsageRow[] | undefined }) {
  const { t } = useTranslation('models');
  const tokens = useNamingTokens(row);
  const { model, provider, uses } = row;
  const isUnused = callers?.length === 0 && !uses.isDefault && uses.routes.length === 0 && tokens.length === 0;
  return (
    <Part
      title={t('uses.title')}
      extra={<a href={`/logs?range=30d&model=${encodeURIComponent(model.modelCode)}&providerId=${model.providerId}`}>{t('actions.calls')}</a>}
    >
      <div className="stack">
        {isUnused ? <span className="quiet">{t('uses.none')}</span> : null}
        {uses.isDefault ? <span>{t('uses.default', { provider: provider?.providerName ?? '' })}</span> : null}
        {uses.routes.length > 0 ? (
          <span className="row">
            {t('uses.routes')}:
            {uses.routes.map((route) => (
              <Link key={route.id} to="/routes" search={{ route: route.id }}>
                <Tag color="blue">{route.alias}</Tag>
              </Link>
            ))}
          </span>
        ) : null}
        {tokens.length > 0 ? (
          <span className="row">
            {t('uses.tokens')}:
            {tokens.slice(0, 12).map((token) => (
              <Link key={token.id} to="/tokens" search={{ token: token.id }}>
                <Tag>{token.name}</Tag>
              </Link>
            ))}
          </span>
        ) : null}
        {callers === undefined ? <Skeleton active paragraph={{ rows: 3 }} title={false} /> : null}
        {callers && callers.length > 0 ? <Callers rows={callers} /> : null}
      </div>
    </Part>
  );
}

function Callers({ rows }: { rows: UsageRow[] }) {
  const { t } = useTranslation('models');
  const most = [...rows].sort((a, b) => b.totalRequests - a.totalRequests).slice(0, 8);
  return (
    <DataTable<UsageRow>
      label={t('uses.apps')}
      rows={most}
      rowKey={(row) => row.key ?? 'none'}
      columns={[
        textColumn('app', t('uses.apps'), (row) => row.name ?? t('uses.direct')),
        numberColumn('calls', t('detail.usageCalls'), (row) => row.totalRequests),
        numberColumn('tokens', t('detail.usageTokens'), (row) => row.totalTokens),
        moneyColumn('cost', t('detail.usageCost'), (row) => (row.totalCost === 0 && row.unpricedCount > 0 ? null : row.totalCost)),
      ]}
      pagination={false}
    />
  );
}
