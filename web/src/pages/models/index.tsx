import { PlusOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button } from 'antd';
import { memo, useMemo, useState, type Key } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { usePageSearch } from '@/app/use-page-search';
import { DataTable, EmptyState, Page } from '@/components';
import { BulkSwitch } from './bulk';
import { useModelColumns } from './columns';
import { useModelRows, type ModelRow } from './data';
import { shownRows } from './filter';
import { ModelFilters, noFilters } from './filters';
import { ModelForm } from './model-form';
import './models.css';
import { sorts, validateSearch, type ModelsSearch } from './search';
import { RetirementWarning } from './warning';

const PAGE = 50;

/** Every model there is: searched, filtered, priced, switched. */
export default function ModelsPage() {
  const { t } = useTranslation('models');
  const canWrite = useCan('write');
  const [search, set] = usePageSearch(validateSearch);
  const { rows, error, isFetching, retry, hasCalls } = useModelRows();
  const key = JSON.stringify({ ...search, edit: undefined, page: undefined });
  const shown = useMemo(() => rows && shownRows(rows, JSON.parse(key) as ModelsSearch), [rows, key]);
  const edited = rows?.find(({ id }) => id === search.edit);
  // The table is the same whether a form stands over it.
  const order = useMemo(() => ({ sort: search.sort, down: search.down, page: search.page }), [search.sort, search.down, search.page]);
  return (
    <Page
      title={t('title')}
      intro={t('intro')}
      actions={
        canWrite ? (
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => set({ edit: 'new' })}>
            {t('add')}
          </Button>
        ) : null
      }
    >
      {rows ? <RetirementWarning rows={rows} onShow={() => set({ ...noFilters, mark: 'inUse', sort: 'shutdown', down: undefined })} /> : null}
      <ModelFilters search={search} set={set} />
      <ModelTable hasAny={(rows?.length ?? 0) > 0} shown={shown} search={order} set={set} hasCalls={hasCalls} error={error} isFetching={isFetching} retry={retry} />
      {canWrite ? (
        <ModelForm
          key={search.edit ?? 'closed'}
          open={search.edit === 'new' || edited !== undefined}
          model={edited?.model ?? null}
          providerId={search.provider}
          onClose={() => set({ edit: undefined })}
        />
      ) : null}
    </Page>
  );
}

interface TableProps extends Omit<ReturnType<typeof useModelRows>, 'rows'> {
  hasAny: boolean;
  shown: ModelRow[] | undefined;
  search: Pick<ModelsSearch, 'sort' | 'down' | 'page'>;
  set: (change: Partial<ModelsSearch>) => void;
}

const ModelTable = memo(function ModelTable({ hasAny, shown, search, set, hasCalls, error, isFetching, retry }: TableProps) {
  const { t } = useTranslation('models');
  const canWrite = useCan('write');
  const navigate = useNavigate();
  const [keys, setKeys] = useState<Key[]>([]);
  const columns = useModelColumns(search, hasCalls, (id) => set({ edit: id }));
  const selected = (shown ?? []).filter(({ id }) => keys.includes(id));
  return (
    <DataTable<ModelRow>
      label={t('title')}
      rows={shown}
      columns={columns}
      rowKey={({ id }) => id}
      error={error}
      loading={isFetching && shown === undefined}
      onRetry={retry}
      empty={<NoModels isFiltered={hasAny} onClear={() => set(noFilters)} />}
      onRowClick={({ id }) => void navigate({ to: '/models/$id', params: { id: String(id) } })}
      {...(canWrite ? { selection: { keys: selected.map(({ id }) => id), onChange: setKeys } } : {})}
      bulkActions={<BulkSwitch rows={selected} onDone={() => setKeys([])} />}
      pagination={{
        page: search.page ?? 1,
        pageSize: PAGE,
        total: shown?.length ?? 0,
        onChange: (page) => set({ page: page > 1 ? page : undefined }),
      }}
      onSort={(key, down) => set({ sort: sorts.find((sort) => sort === key), down: down || undefined, page: undefined })}
    />
  );
});

function NoModels({ isFiltered, onClear }: { isFiltered: boolean; onClear: () => void }) {
  const { t } = useTranslation('models');
  const { t: components } = useTranslation('components');
  const navigate = useNavigate();
  if (isFiltered) {
    return <EmptyState title={components('nothingMatches')} action={<Button onClick={onClear}>{components('clearFilters')}</Button>} />;
  }
  const go = () => void navigate({ to: '/providers' });
  return <EmptyState title={t('empty.title')} text={t('empty.text')} action={<Button type="primary" onClick={go}>{t('empty.action')}</Button>} />;
}
