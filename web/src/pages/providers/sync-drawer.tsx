import { Link } from '@tanstack/react-router';
import { Alert, Button, Drawer, Result, Skeleton, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/errors';
import { FormFailure, QueryState } from '@/components';
import { useSync, useSyncPreview, type Sync } from './api';
import type { Provider } from './health';
import { SyncList } from './sync-list';

interface Props {
  /** Whose models; closed without one. */
  provider: Provider | undefined;
  onClose: () => void;
}

/** Asks a provider for its models, shows what would change, and applies it when told to. */
export function SyncDrawer({ provider, onClose }: Props) {
  const { t } = useTranslation('providers');
  return (
    <Drawer
      open={provider !== undefined}
      size={Math.min(720, window.innerWidth)}
      title={t('sync.title', { name: provider?.providerName ?? '' })}
      onClose={onClose}
      destroyOnHidden
    >
      {provider ? <Preview key={provider.id} provider={provider} onClose={onClose} /> : null}
    </Drawer>
  );
}

function Preview({ provider, onClose }: { provider: Provider; onClose: () => void }) {
  const { t } = useTranslation('providers');
  const preview = useSyncPreview(provider.id);
  const sync = useSync();
  const [done, setDone] = useState<Sync | null>(null);
  const name = provider.providerName;
  if (done) return <Done provider={provider} result={done} onClose={onClose} />;
  const apply = () => sync.mutate(provider.id, { onSuccess: setDone });
  return (
    <div className="stack">
      <Typography.Text type="secondary">{t('sync.intro', { name })}</Typography.Text>
      {preview.error?.kind === 'no_available_key' ? <NoKey provider={provider} error={preview.error} /> : null}
      <QueryState query={preview} awaits={t('sync.asking', { name })} skeleton={<Skeleton active paragraph={{ rows: 8 }} />}>
        {(found) => (
          <>
            <FormFailure error={sync.error} />
            <div className="row spread">
              <Typography.Text>{t('sync.found', { count: found.count })}</Typography.Text>
              <div className="row">
                <Button onClick={() => void preview.refetch()} loading={preview.isFetching} disabled={sync.isPending}>
                  {t('sync.again')}
                </Button>
                <Button type="primary" onClick={apply} loading={sync.isPending} disabled={!changesSomething(found)}>
                  {t('sync.apply')}
                </Button>
              </div>
            </div>
            {changesSomething(found) ? null : <Alert type="success" showIcon title={t('sync.same', { name })} />}
            <SyncList found={found} />
          </>
        )}
      </QueryState>
    </div>
  );
}

/** Whether applying would do anything that the list shows. */
function changesSomething({ models }: Sync): boolean {
  return models.some((model) => model.change === 'added' || model.fields.length > 0);
}

function NoKey({ provider, error }: { provider: Provider; error: ApiError }) {
  const { t } = useTranslation('providers');
  return (
    <Alert
      type="info"
      showIcon
      title={t('sync.noKey', { name: provider.providerName })}
      description={error.message}
      action={
        <Link to="/providers/$id/$tab" params={{ id: String(provider.id), tab: 'keys' }} search={{ edit: 'new' }}>
          {t('card.addKey')}
        </Link>
      }
    />
  );
}

function Done({ provider, result, onClose }: { provider: Provider; result: Sync; onClose: () => void }) {
  const { t } = useTranslation('providers');
  const { t: common } = useTranslation();
  const { added, updated, missing } = result;
  return (
    <Result
      status="success"
      title={t('sync.done', { added: added.length, updated: updated.length, missing: missing.length })}
      extra={[
        <Link key="models" to="/providers/$id/$tab" params={{ id: String(provider.id), tab: 'models' }}>
          <Button type="primary">{t('sync.toModels')}</Button>
        </Link>,
        <Button key="close" onClick={onClose}>{common('close')}</Button>,
      ]}
    />
  );
}
