import type { UseQueryResult } from '@tanstack/react-query';
import { Tag, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/errors';
import type { components } from '@/api/schema';
import { DataTable, column, textColumn, timeColumn, type Column } from '@/components';
import type { Entry } from './api';
import { changesOf } from './changes';
import { PAGE_SIZE, type Search } from './search';
import { Thing } from './thing';

interface Props {
  query: UseQueryResult<components['schemas']['AuditPage'], ApiError>;
  search: Search;
  onOpen: (entry: Entry) => void;
  onPage: (page: number, pageSize: number) => void;
  empty: ReactNode;
}

export function AuditTable({ query, search, onOpen, onPage, empty }: Props) {
  const { t } = useTranslation('audit');
  return (
    <DataTable<Entry>
      label={t('title')}
      rows={query.data?.entries}
      columns={useColumns()}
      rowKey={(entry) => entry.id}
      openKey={search.entry}
      onRowClick={onOpen}
      loading={query.isFetching && !query.isPending}
      error={query.error}
      onRetry={() => void query.refetch()}
      empty={empty}
      pagination={{
        page: search.page ?? 1,
        pageSize: search.pageSize ?? PAGE_SIZE,
        total: query.data?.total ?? 0,
        onChange: onPage,
      }}
    />
  );
}

function useColumns(): Column<Entry>[] {
  const { t } = useTranslation('audit');
  return [
    timeColumn('at', t('at'), (entry) => entry.createdAt, { absolute: true }),
    column('actor', t('actor'), (entry) => <ActorName entry={entry} />),
    column('action', t('action'), (entry) => <ActionTag action={entry.action} />),
    column('thing', t('thing'), (entry) => <Thing entry={entry} />),
    column('changed', t('changed'), (entry) => <Changed entry={entry} />),
    textColumn('ip', t('from'), (entry) => (entry.ipAddress ? <code className="mono">{entry.ipAddress}</code> : null)),
  ];
}

/** Who did it, and with what. */
export function ActorName({ entry }: { entry: Entry }) {
  const { t } = useTranslation('audit');
  return (
    <span className="row">
      {entry.actor}
      {entry.appId == null ? null : <Tag>{t('byToken')}</Tag>}
    </span>
  );
}

const colours: Partial<Record<Entry['action'], string>> = { create: 'green', delete: 'red', update: 'blue', import: 'green' };

export function ActionTag({ action }: { action: Entry['action'] }) {
  const { t } = useTranslation('audit');
  return <Tag color={colours[action] ?? 'default'}>{t(`actions.${action}`)}</Tag>;
}

/** How many fields' names have room in a row. */
const MOST = 3;

/** The names of the fields of an update; of anything else the action says it. */
function Changed({ entry }: { entry: Entry }) {
  if (entry.action !== 'update') return null;
  const names = changesOf(entry.before, entry.after).map((change) => change.path);
  const more = names.length - MOST;
  return (
    <Typography.Text type="secondary" title={names.join(', ')}>
      {names.slice(0, MOST).join(', ')}
      {more > 0 ? ` +${more}` : ''}
    </Typography.Text>
  );
}
