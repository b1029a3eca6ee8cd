import { PlusOutlined } from '@ant-design/icons';
import { Button, Select } from 'antd';
import { useEffect, useMemo, useState, type Key } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '@/app/now';
import { usePageSearch, type PageSearch } from '@/app/use-page-search';
import { DataTable, EmptyState, Page, SearchBox, useToast } from '@/components';
import { BulkActions } from './bulk';
import { useTokenColumns } from './columns';
import { useLiveTokens, useOwners } from './data';
import { shownTokens } from './filter';
import { MadeDialog } from './made-dialog';
import { tokenSorts, tokenStates, validateSearch, type TokensSearch } from './search';
import { TokenDrawer } from './token-drawer';
import { TokenForm } from './token-form';
import './tokens.css';
import type { Token } from './token-state';

const PAGE = 50;
const noFilters: Partial<TokensSearch> = { q: undefined, state: undefined, owner: undefined, page: undefined };

/** The app tokens: what apps show to be let in. */
export default function TokensPage() {
  const { t } = useTranslation('tokens');
  const [search, set] = usePageSearch(validateSearch);
  const tokens = useLiveTokens();
  const owners = useOwners();
  const [made, setMade] = useState<Token | null>(null);
  const find = (id: TokensSearch['edit']) => tokens.data?.find((token) => token.id === id);
  const edited = find(search.edit);
  useGone(search, tokens.data, set);
  return (
    <Page
      title={t('title')}
      intro={t('intro')}
      actions={
        <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => set({ edit: 'new' })}>
          {t('add')}
        </Button>
      }
    >
      {(tokens.data?.length ?? 0) > 0 ? <Filters search={search} set={set} owners={owners} /> : null}
      <TokenTable tokens={tokens} search={search} set={set} owners={owners} />
      <TokenDrawer
        token={search.edit === undefined ? find(search.token) : undefined}
        owners={owners}
        onEdit={() => set({ edit: search.token })}
        onClose={() => set({ token: undefined })}
      />
      <TokenForm
        key={search.edit ?? 'closed'}
        open={search.edit === 'new' || edited !== undefined}
        token={edited ?? null}
        onClose={() => set({ edit: undefined })}
        onMade={(token) => {
          setMade(token);
          set({ edit: undefined });
        }}
      />
      <MadeDialog token={made} onClose={() => setMade(null)} />
    </Page>
  );
}

type SetSearch = PageSearch<TokensSearch>[1];

/** A link to a token that was deleted says so. */
function useGone({ token, edit }: TokensSearch, tokens: Token[] | undefined, set: SetSearch) {
  const { t } = useTranslation('tokens');
  const toast = useToast();
  const wanted = typeof edit === 'number' ? edit : token;
  const isGone = wanted !== undefined && tokens !== undefined && !tokens.some(({ id }) => id === wanted);
  useEffect(() => {
    if (!isGone) return;
    toast.info(t('detail.gone'));
    set({ token: undefined, edit: undefined }, { replace: true });
  }, [isGone, set, t, toast]);
}

function Filters({ search, set, owners }: { search: TokensSearch; set: SetSearch; owners: ReadonlyMap<number, string> | undefined }) {
  const { t } = useTranslation('tokens');
  return (
    <div className="row filters" role="search">
      <SearchBox label={t('searchLabel')} value={search.q} onChange={(q) => set({ q, page: undefined }, { replace: true })} />
      <Select
        allowClear
        aria-label={t('filters.state')}
        placeholder={t('filters.state')}
        popupMatchSelectWidth={false}
        value={search.state}
        onChange={(state) => set({ state, page: undefined })}
        options={tokenStates.map((value) => ({ value, label: t(`states.${value}`) }))}
      />
      <Select
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        aria-label={t('filters.owner')}
        placeholder={t('filters.owner')}
        popupMatchSelectWidth={false}
        value={search.owner}
        onChange={(owner) => set({ owner, page: undefined })}
        options={[...(owners ?? [])].map(([value, label]) => ({ value, label }))}
      />
    </div>
  );
}

interface TableProps {
  tokens: ReturnType<typeof useLiveTokens>;
  search: TokensSearch;
  set: SetSearch;
  owners: ReadonlyMap<number, string> | undefined;
}

function TokenTable({ tokens, search, set, owners }: TableProps) {
  const { t } = useTranslation('tokens');
  const now = useNow(10_000);
  const [keys, setKeys] = useState<Key[]>([]);
  const shown = useMemo(() => tokens.data && shownTokens(tokens.data, search, now), [tokens.data, search, now]);
  const selected = (shown ?? []).filter(({ id }) => keys.includes(id));
  const open = ({ id }: Token) => set({ token: id });
  const columns = useTokenColumns({ search, owners, now, onOpen: open, onEdit: ({ id }) => set({ edit: id }) });
  return (
    <DataTable<Token>
      label={t('title')}
      rows={shown}
      columns={columns}
      rowKey={({ id }) => id}
      error={tokens.error}
      loading={tokens.isPending}
      onRetry={() => void tokens.refetch()}
      onRowClick={open}
      openKey={search.token}
      selection={{ keys: selected.map(({ id }) => id), onChange: setKeys }}
      bulkActions={<BulkActions tokens={selected} onDone={() => setKeys([])} />}
      empty={<NoTokens isFiltered={(tokens.data?.length ?? 0) > 0} onAdd={() => set({ edit: 'new' })} onClear={() => set(noFilters)} />}
      pagination={{
        page: search.page ?? 1,
        pageSize: PAGE,
        total: shown?.length ?? 0,
        onChange: (page) => set({ page: page > 1 ? page : undefined }),
      }}
      onSort={(key, down) => set({ sort: tokenSorts.find((sort) => sort === key), down: down || undefined, page: undefined })}
    />
  );
}

function NoTokens({ isFiltered, onAdd, onClear }: { isFiltered: boolean; onAdd: () => void; onClear: () => void }) {
  const { t } = useTranslation('tokens');
  const { t: components } = useTranslation('components');
  if (isFiltered) return <EmptyState title={components('nothingMatches')} action={<Button onClick={onClear}>{components('clearFilters')}</Button>} />;
  const action = (
    <Button type="primary" onClick={onAdd}>
      {t('empty.action')}
    </Button>
  );
  return <EmptyState title={t('empty.title')} text={t('empty.text')} action={action} />;
}
