import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import type { components } from '@/api/schema';
import { DataTable, numberColumn, textColumn } from '@/components';
import { useAppsOf } from './api';
import type { UpstreamKey } from './state';

type UsageRow = components['schemas']['UsageRow'];

/** Whose calls a key carried: who is touched when it is out. */
export function KeyApps({ apiKey }: { apiKey: UpstreamKey }) {
  const { t } = useTranslation('keys');
  const apps = useAppsOf(apiKey.id);
  const columns = [
    textColumn<UsageRow>('app', t('details.app'), (row) => row.name ?? t('details.noApp')),
    numberColumn<UsageRow>('calls', t('details.calls'), (row) => row.totalRequests),
    numberColumn<UsageRow>('errors', t('details.errors'), (row) => row.errorCount),
    numberColumn<UsageRow>('tokens', t('details.tokens'), (row) => row.totalTokens),
  ];
  return (
    <DataTable<UsageRow>
      label={t('details.affected')}
      rows={apps.data}
      columns={columns}
      rowKey={(row) => String(row.key)}
      error={apps.error}
      loading={apps.isFetching && apps.data === undefined}
      onRetry={() => void apps.refetch()}
      empty={<Typography.Text type="secondary">{t('details.nobody')}</Typography.Text>}
    />
  );
}
