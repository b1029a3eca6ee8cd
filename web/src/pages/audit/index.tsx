import { getRouteApi, useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { EmptyState, NoPermission, Page, RangePicker, useRange } from '@/components';
import { useAudit } from './api';
import { AuditTable } from './audit-table';
import { EntryDrawer } from './entry-drawer';
import { Filters } from './filters';
import type { Search } from './search';

const route = getRouteApi('/shell/audit');

/** Who changed what. */
export default function AuditPage() {
  const { t } = useTranslation('audit');
  if (!useCan('access')) return <Page title={t('title')}><NoPermission /></Page>;
  return <Audit />;
}

function Audit() {
  const { t } = useTranslation('audit');
  const { t: common } = useTranslation('components');
  const search = route.useSearch();
  const { startDate, endDate, tz } = useRange('30d');
  const audit = useAudit(search, { startDate, endDate, tz });
  const navigate = useNavigate();
  const set = (change: Search) => void navigate({ to: '/audit', search: (old: Search) => ({ ...old, ...change }) });
  const narrow = (change: Search) => set({ page: undefined, entry: undefined, ...change });
  const open = audit.data?.entries.find((entry) => entry.id === search.entry);
  return (
    <Page title={t('title')} intro={t('intro')} actions={<RangePicker standard="30d" />}>
      <Filters search={search} onChange={narrow} />
      <AuditTable
        query={audit}
        search={search}
        onOpen={(entry) => set({ entry: entry.id })}
        onPage={(page, pageSize) => set({ page: page > 1 ? page : undefined, pageSize, entry: undefined })}
        empty={
          <EmptyState
            title={common('nothingMatches')}
            text={t('emptyText')}
            action={
              <Button onClick={() => void navigate({ to: '/audit', search: { range: '90d' } })}>{t('showAll')}</Button>
            }
          />
        }
      />
      {open ? <EntryDrawer key={open.id} entry={open} onClose={() => set({ entry: undefined })} /> : null}
    </Page>
  );
}
