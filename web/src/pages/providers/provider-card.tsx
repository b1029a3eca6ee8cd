import { DeleteOutlined, EditOutlined, KeyOutlined, MoreOutlined, SyncOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button, Card, Dropdown, Skeleton, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { Count, Percent } from '@/components';
import type { Health, Provider } from './health';
import { HealthReason, HealthTag, Troubles } from './health-tag';
import { ProviderSwitch } from './provider-switch';
import type { Traffic } from './traffic';

interface Props {
  provider: Provider;
  /** Undefined while it is on its way. */
  health: Health | undefined;
  traffic: Traffic | undefined;
  onEdit: () => void;
  onSync: () => void;
  onDelete: () => void;
}

/** A provider at a glance: how it fares and why, what it has, what it carried. */
export function ProviderCard({ provider, health, traffic, onEdit, onSync, onDelete }: Props) {
  const { t } = useTranslation('providers');
  const mayWrite = useCan('write');
  const { providerName: name } = provider;
  return (
    <Card className="provider-card" size="small" data-provider={provider.providerCode} role="listitem">
      <header className="provider-head">
        <div className="provider-name">
          <Link to="/providers/$id/$tab" params={{ id: String(provider.id), tab: 'keys' }} className="provider-link">
            <Typography.Text strong ellipsis>{name}</Typography.Text>
          </Link>
          <Typography.Text type="secondary" ellipsis className="mono">{provider.providerCode}</Typography.Text>
        </div>
        {mayWrite ? (
          <div className="row nowrap">
            <ProviderSwitch provider={provider} />
            <CardMenu name={name} onEdit={onEdit} onSync={onSync} onDelete={onDelete} />
          </div>
        ) : null}
      </header>
      {health ? (
        <div className="provider-health">
          <div className="row">
            <HealthTag health={health} />
            <Troubles health={health} />
          </div>
          <Typography.Text type="secondary"><HealthReason health={health} /></Typography.Text>
        </div>
      ) : (
        <Skeleton active title={false} paragraph={{ rows: 2 }} />
      )}
      <Figures provider={provider} health={health} traffic={traffic} />
      <footer className="provider-foot">
        <Typography.Text type="secondary" ellipsis={{ tooltip: provider.defaultModel ?? undefined }}>
          {provider.defaultModel ? (
            <>
              {t('card.defaultModel')} <span className="mono">{provider.defaultModel}</span>
            </>
          ) : (
            t('card.noDefault')
          )}
        </Typography.Text>
        <KeysLink provider={provider} health={health} />
      </footer>
    </Card>
  );
}

function CardMenu({ name, onEdit, onSync, onDelete }: { name: string } & Pick<Props, 'onEdit' | 'onSync' | 'onDelete'>) {
  const { t } = useTranslation('providers');
  const { t: common } = useTranslation();
  const items = [
    { key: 'edit', icon: <EditOutlined aria-hidden />, label: common('edit'), onClick: onEdit },
    { key: 'sync', icon: <SyncOutlined aria-hidden />, label: t('actions.sync'), onClick: onSync },
    { type: 'divider' as const },
    { key: 'delete', icon: <DeleteOutlined aria-hidden />, label: t('actions.delete'), danger: true, onClick: onDelete },
  ];
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button type="text" icon={<MoreOutlined aria-hidden />} aria-label={t('card.more', { name })} />
    </Dropdown>
  );
}

function Figures({ provider, health, traffic }: Pick<Props, 'provider' | 'health' | 'traffic'>) {
  const { t } = useTranslation('providers');
  return (
    <dl className="provider-figures">
      <Figure label={t('card.keys')}>
        {health === undefined ? '–' : health.active === 0 ? t('card.noKeys') : t('card.keysOf', { usable: health.usable, active: health.active })}
      </Figure>
      <Figure label={t('card.models')}><Count value={provider.modelsCount} /></Figure>
      <Figure label={t('card.requests')}><Count value={traffic?.calls} /></Figure>
      <Figure label={t('card.success')}><Percent value={traffic?.success} /></Figure>
    </dl>
  );
}

function Figure({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div>
      <dt>{label}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The way to its keys; where none is there, the way to add one. */
function KeysLink({ provider, health }: { provider: Provider; health: Health | undefined }) {
  const { t } = useTranslation('providers');
  const mayWrite = useCan('write');
  const needsKey = health?.state === 'noKey' && mayWrite;
  const busy = health && health.inFlight > 0 ? t('card.inFlight', { count: health.inFlight }) : null;
  return (
    <span className="row nowrap">
      {busy ? <Typography.Text type="secondary">{busy}</Typography.Text> : null}
      <Link
        to="/providers/$id/$tab"
        params={{ id: String(provider.id), tab: 'keys' }}
        {...(needsKey ? { search: { edit: 'new' } } : {})}
        className="row nowrap"
      >
        <KeyOutlined aria-hidden /> {needsKey ? t('card.addKey') : t('card.openKeys')}
      </Link>
    </span>
  );
}
