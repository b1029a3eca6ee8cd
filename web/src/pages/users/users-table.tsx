import type { UseQueryResult } from '@tanstack/react-query';
import { Tag } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/errors';
import { useMe } from '@/app/session';
import { DataTable, by, column, textColumn, timeColumn, type Column } from '@/components';
import type { User } from './api';
import { UserState } from './user-drawer';

interface Props {
  rows: User[] | undefined;
  query: UseQueryResult<User[], ApiError>;
  openKey: number | undefined;
  onOpen: (user: User) => void;
  empty: ReactNode;
}

export function UsersTable({ rows, query, openKey, onOpen, empty }: Props) {
  const { t } = useTranslation('users');
  return (
    <DataTable<User>
      label={t('title')}
      rows={rows}
      columns={useColumns()}
      rowKey={(user) => user.id}
      openKey={openKey}
      onRowClick={onOpen}
      loading={query.isFetching && !query.isPending}
      error={query.error}
      onRetry={() => void query.refetch()}
      empty={empty}
    />
  );
}

function useColumns(): Column<User>[] {
  const { t } = useTranslation('users');
  const { t: common } = useTranslation();
  const me = useMe();
  return [
    column('username', t('username'), (user) => (
      <span className="row">
        <strong>{user.username}</strong>
        {user.id === me.id ? <Tag color="blue">{t('you')}</Tag> : null}
      </span>
    ), { sorter: by((user) => user.username) }),
    textColumn('role', t('role'), (user) => common(`roles.${user.role}`), { sorter: by((user) => user.role) }),
    column('state', t('state'), (user) => <UserState user={user} />),
    timeColumn('lastLoginAt', t('lastLogin'), (user) => user.lastLoginAt, { none: common('never'), sorter: by((user) => user.lastLoginAt) }),
    timeColumn('createdAt', t('madeAt'), (user) => user.createdAt, { sorter: by((user) => user.createdAt) }),
  ];
}
