import { PlusOutlined } from '@ant-design/icons';
import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useUsers } from '@/api/lists';
import { useCan } from '@/app/session';
import { EmptyState, NoPermission, Page, SearchBox } from '@/components';
import { isLastAdmin, named, type User } from './api';
import type { Search } from './search';
import { UserDrawer } from './user-drawer';
import { UserForm } from './user-form';
import { UsersTable } from './users-table';

const route = getRouteApi('/shell/users');

/** Who may sign in. */
export default function UsersPage() {
  const { t } = useTranslation('users');
  if (!useCan('access')) return <Page title={t('title')}><NoPermission /></Page>;
  return <Users />;
}

function Users() {
  const { t } = useTranslation('users');
  const { t: common } = useTranslation('components');
  const search = route.useSearch();
  const navigate = useNavigate();
  const set = (change: Search) =>
    void navigate({ to: '/users', search: (old: Search) => ({ ...old, user: undefined, edit: undefined, ...change }) });
  const users = useUsers();
  const rows = users.data && named(users.data, search.q);
  return (
    <Page
      title={t('title')}
      intro={t('intro')}
      actions={
        <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => set({ user: 'new' })}>
          {t('create')}
        </Button>
      }
    >
      <SearchBox
        label={t('find')}
        value={search.q}
        onChange={(q) => void navigate({ to: '/users', replace: true, search: (old: Search) => ({ ...old, q }) })}
      />
      <UsersTable
        rows={rows}
        query={users}
        openKey={typeof search.user === 'number' ? search.user : undefined}
        onOpen={(user) => set({ user: user.id })}
        empty={<EmptyState title={common('nothingMatches')} />}
      />
      <Open search={search} users={users.data} set={set} />
    </Page>
  );
}

/** The drawer that the address names. */
function Open({ search, users, set }: { search: Search; users: User[] | undefined; set: (change: Search) => void }) {
  const close = () => set({});
  if (!users || search.user === undefined) return null;
  if (search.user === 'new') {
    return <UserForm user={undefined} isLastAdmin={false} onClose={close} onSaved={(made) => set({ user: made.id })} />;
  }
  const user = users.find((each) => each.id === search.user);
  if (!user) return null;
  const back = () => set({ user: user.id });
  return search.edit ? (
    <UserForm key={user.id} user={user} isLastAdmin={isLastAdmin(user, users)} onClose={back} onSaved={back} />
  ) : (
    <UserDrawer key={user.id} user={user} users={users} onClose={close} onEdit={() => set({ user: user.id, edit: true })} />
  );
}
