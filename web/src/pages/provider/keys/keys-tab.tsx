import { ImportOutlined, OrderedListOutlined, PlusOutlined, SafetyCertificateOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Alert, App, Button, Segmented } from 'antd';
import { useState, type Key } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { DataTable, EmptyState, SearchBox } from '@/components';
import type { Provider } from '../../providers/health';
import type { Search } from '../search';
import { useBulk, useKeyActions } from './actions';
import { useLiveKeysOf } from './api';
import { BulkBar } from './bulk-bar';
import { DeleteKeys, isUsableLeft } from './delete-keys';
import { ImportDrawer } from './import-drawer';
import { KeyDrawer } from './key-drawer';
import { useKeyColumns, type RowActions } from './key-columns';
import { KeyForm } from './key-form';
import './keys.css';
import { OrderDrawer } from './order-drawer';
import { allOut, keyFilters, passes, stateOf, type UpstreamKey } from './state';
import { WorkPanel } from './work-panel';

interface Props {
  provider: Provider;
  search: Search;
}

/** The keys of a provider, as they are now. */
export function KeysTab({ provider, search }: Props) {
  const { t } = useTranslation('keys');
  const keys = useLiveKeysOf(provider.id);
  const go = useGo(provider);
  const all = keys.data;
  const words = search.q?.toLowerCase() ?? '';
  const shown = all?.filter((key) => key.keyName.toLowerCase().includes(words) && passes(stateOf(key), search.state));
  return (
    <div className="stack">
      {all && provider.isActive && allOut(all) ? (
        <Alert type="error" showIcon title={t('allOut.title', { name: provider.providerName })} description={t('allOut.text')} />
      ) : null}
      <WorkPanel providerId={provider.id} />
      {all?.length === 0 ? <NoKeys provider={provider} go={go} /> : <Toolbar provider={provider} all={all ?? []} search={search} go={go} />}
      {all?.length === 0 ? null : <KeyTable provider={provider} all={all} shown={shown} query={keys} search={search} go={go} />}
      <Forms provider={provider} all={all} search={search} go={go} />
    </div>
  );
}

export type Go = (change: Search) => void;

/** Changes the address of this tab. */
function useGo(provider: Provider): Go {
  const navigate = useNavigate();
  return (change) =>
    void navigate({
      to: '/providers/$id/$tab',
      params: { id: String(provider.id), tab: 'keys' },
      search: (old: Search) => ({ ...old, ...change }),
      replace: 'q' in change || 'state' in change,
    });
}

function NoKeys({ provider, go }: { provider: Provider; go: Go }) {
  const { t } = useTranslation('keys');
  const mayWrite = useCan('write');
  const name = provider.providerName;
  return (
    <EmptyState
      title={t('empty.title')}
      text={t(mayWrite ? 'empty.text' : 'empty.read', { name })}
      action={
        mayWrite ? (
          <div className="row">
            <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => go({ edit: 'new' })}>{t('add')}</Button>
            <Button icon={<ImportOutlined aria-hidden />} onClick={() => go({ import: true })}>{t('import')}</Button>
          </div>
        ) : null
      }
    />
  );
}

function Toolbar({ provider, all, search, go }: { provider: Provider; all: readonly UpstreamKey[]; search: Search; go: Go }) {
  const { t } = useTranslation('keys');
  const mayWrite = useCan('write');
  const bulk = useBulk(provider.id);
  const options = [{ value: 'all', label: t('filter.all') }, ...keyFilters.map((value) => ({ value, label: t(`filter.${value}`) }))];
  return (
    <div className="keys-bar">
      <div className="row" role="search">
        <SearchBox label={t('search')} value={search.q} onChange={(q) => go({ q })} />
        <Segmented options={options} value={search.state ?? 'all'} onChange={(value) => go({ state: keyFilters.find((each) => each === value) })} />
      </div>
      {mayWrite ? (
        <div className="row">
          <Button icon={<SafetyCertificateOutlined aria-hidden />} onClick={() => void bulk('validate', all)}>{t('validateAll')}</Button>
          <Button icon={<OrderedListOutlined aria-hidden />} disabled={all.length < 2} onClick={() => go({ order: true })}>{t('order')}</Button>
          <Button icon={<ImportOutlined aria-hidden />} onClick={() => go({ import: true })}>{t('import')}</Button>
          <Button type="primary" icon={<PlusOutlined aria-hidden />} onClick={() => go({ edit: 'new' })}>{t('add')}</Button>
        </div>
      ) : null}
    </div>
  );
}

interface TableProps extends Props {
  all: readonly UpstreamKey[] | undefined;
  shown: UpstreamKey[] | undefined;
  query: ReturnType<typeof useLiveKeysOf>;
  go: Go;
}

function KeyTable({ provider, all = [], shown, query, search, go }: TableProps) {
  const { t } = useTranslation('keys');
  const { t: shared } = useTranslation('components');
  const mayWrite = useCan('write');
  const [selected, setSelected] = useState<Key[]>([]);
  const [doomed, setDoomed] = useState<readonly UpstreamKey[]>([]);
  const bulk = useBulk(provider.id);
  const { actions, isBusy } = useRowActions(provider, all, go, setDoomed);
  const chosen = (shown ?? []).filter((key) => selected.includes(key.id));
  const columns = useKeyColumns(actions);
  const clear = <Button onClick={() => go({ q: undefined, state: undefined })}>{shared('clearFilters')}</Button>;
  return (
    <>
      <DataTable<UpstreamKey>
        label={t('title')}
        rows={shown}
        columns={columns}
        rowKey={(key) => key.id}
        error={query.error}
        onRetry={() => void query.refetch()}
        empty={<EmptyState title={shared('nothingMatches')} action={clear} />}
        onRowClick={(key) => go({ key: key.id })}
        openKey={search.key}
        {...(mayWrite ? { selection: { keys: chosen.map((key) => key.id), onChange: setSelected } } : {})}
        bulkActions={<BulkBar keys={chosen} onRun={(kind) => void bulk(kind, chosen)} onDelete={() => setDoomed(chosen)} onClear={() => setSelected([])} />}
      />
      <KeyDrawer
        apiKey={all.find((key) => key.id === search.key)}
        open={search.key !== undefined && query.data !== undefined}
        onClose={() => go({ key: undefined })}
        actions={actions}
        isBusy={isBusy}
      />
      <DeleteKeys
        provider={provider}
        all={all}
        doomed={doomed}
        onClose={() => setDoomed([])}
        onMany={(keys) => void bulk('delete', keys)}
        onDeleted={(id) => {
          if (search.key === id) go({ key: undefined });
        }}
      />
    </>
  );
}

/** What a row's menu and the drawer's buttons do; the last usable key is not switched off without a question. */
function useRowActions(provider: Provider, all: readonly UpstreamKey[], go: Go, onDelete: (keys: readonly UpstreamKey[]) => void) {
  const { t } = useTranslation('keys');
  const { modal } = App.useApp();
  const { isBusy, validate, reset, setActive } = useKeyActions();
  const isLast = (key: UpstreamKey) => isUsableLeft([key], []) && !isUsableLeft(all, [key]);
  const actions: RowActions = {
    onEdit: (key) => go({ edit: String(key.id), replace: undefined }),
    onReplace: (key) => go({ edit: String(key.id), replace: true }),
    onValidate: (key) => void validate(key),
    onReset: (key) => void reset(key),
    onDelete: (key) => onDelete([key]),
    onSwitch: (key, isActive) => {
      if (isActive || !isLast(key)) {
        void setActive(key, isActive);
        return;
      }
      modal.confirm({
        title: t('off.last', { name: key.keyName }),
        content: t('off.text', { provider: provider.providerName }),
        okText: t('does.switchOff'),
        okButtonProps: { danger: true },
        onOk: () => setActive(key, false),
      });
    },
  };
  return { actions, isBusy };
}

function Forms({ provider, all, search, go }: Props & { all: readonly UpstreamKey[] | undefined; go: Go }) {
  const mayWrite = useCan('write');
  const bulk = useBulk(provider.id);
  if (!mayWrite || !all) return null;
  const edited = all.find((key) => String(key.id) === search.edit);
  return (
    <>
      <KeyForm
        open={search.edit === 'new' || edited !== undefined}
        provider={provider}
        apiKey={edited}
        replace={search.replace ?? false}
        onClose={() => go({ edit: undefined, replace: undefined })}
        onChecked={(key) => go({ key })}
      />
      <ImportDrawer open={search.import ?? false} provider={provider} onClose={() => go({ import: undefined })} onCheck={(keys) => void bulk('validate', keys)} />
      <OrderDrawer open={search.order ?? false} provider={provider} keys={all} onClose={() => go({ order: undefined })} />
    </>
  );
}
