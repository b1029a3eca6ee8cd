import { DownOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button, Card, Dropdown, Switch, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { ConfirmButton, DataTable, EmptyState, column, textColumn, useToast, type Column } from '@/components';
import { lockOf, readSettings, useSaveSettings, type Settings } from './api';
import { channelsOf, EMAIL, webhookKinds, webhooksWith, webhooksWithout, type Channel, type ChannelKind } from './channel';
import { ChannelDrawer } from './channel-drawer';
import { Label } from './section-form';
import { TestChannel } from './trial';

/** Where alerts are told. */
export function Channels({ settings, open }: { settings: Settings; open: string | undefined }) {
  const { t } = useTranslation('settings');
  const navigate = useNavigate();
  const show = (channel: string | undefined) => void navigate({ to: '/settings', search: { section: 'channels', channel } });
  const locks = { webhooks: lockOf(settings, 'alerts.webhooks'), email: lockOf(settings, 'alerts.email') };
  const channels = channelsOf(settings.alerts);
  const add = <AddChannel settings={settings} locks={locks} onAdd={(kind) => show(`new:${kind}`)} />;
  return (
    <Card title={<Label text={t('sections.channels')} by={locks.webhooks ?? locks.email} />} className="settings-card" extra={channels.length > 0 ? add : null}>
      <p className="settings-intro">{t('channels.intro')}</p>
      <DataTable<Channel>
        label={t('sections.channels')}
        rows={channels}
        columns={useColumns(settings, locks)}
        rowKey={(channel) => channel.name}
        openKey={open}
        onRowClick={(channel) => show(channel.name)}
        pagination={false}
        empty={<EmptyState title={t('channels.none')} text={t('channels.noneText')} action={add} />}
      />
      {open === undefined ? null : (
        <ChannelDrawer key={open} settings={settings} locks={locks} name={open} onClose={() => show(undefined)} />
      )}
    </Card>
  );
}

export interface Locks {
  webhooks: string | undefined;
  email: string | undefined;
}

/** What decides a channel of that kind, where the configuration does. */
export const lockFor = (locks: Locks, kind: ChannelKind) => (kind === EMAIL ? locks.email : locks.webhooks);

function AddChannel({ settings, locks, onAdd }: { settings: Settings; locks: Locks; onAdd: (kind: ChannelKind) => void }) {
  const { t } = useTranslation('settings');
  const items = [...webhookKinds, 'email' as const].map((kind) => ({
    key: kind,
    label: t(`channels.kind.${kind}`),
    disabled: lockFor(locks, kind) !== undefined || (kind === 'email' && settings.alerts.email != null),
  }));
  return (
    <Dropdown trigger={['click']} menu={{ items, onClick: ({ key }) => onAdd(key as ChannelKind) }}>
      <Button type="primary">
        {t('channels.add')} <DownOutlined />
      </Button>
    </Dropdown>
  );
}

function useColumns(settings: Settings, locks: Locks): Column<Channel>[] {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  return [
    column('name', common('name'), (channel) => <strong>{channel.kind === 'email' ? t('channels.kind.email') : channel.name}</strong>),
    textColumn('kind', t('channels.type'), (channel) => t(`channels.kind.${channel.kind}`)),
    column('target', t('channels.target'), (channel) => <span className="mono break">{channel.target}</span>),
    column('filter', t('channels.tells'), (channel) => <Filter channel={channel} />),
    column('active', t('channels.active'), (channel) => (
      <ActiveSwitch settings={settings} channel={channel} isLocked={lockFor(locks, channel.kind) !== undefined} />
    )),
    column('actions', common('actions'), (channel) => (
      <span className="row">
        <TestChannel body={() => ({ channel: channel.name })} size="small" />
        {lockFor(locks, channel.kind) ? null : <DeleteChannel channel={channel} />}
      </span>
    )),
  ];
}

/** Which alerts a channel is told of. */
function Filter({ channel }: { channel: Channel }) {
  const { t } = useTranslation('settings');
  const { t: components } = useTranslation('components');
  if (channel.levels.length + channel.kinds.length === 0) return <>{t('channels.everything')}</>;
  return (
    <span className="channel-filters">
      {channel.levels.map((level) => (
        <Tag key={level}>{components(`state.${level as 'info'}`)}</Tag>
      ))}
      {channel.kinds.map((kind) => (
        <Tag key={kind}>{components(`alertKind.${kind as 'error_rate'}`)}</Tag>
      ))}
    </span>
  );
}

function ActiveSwitch({ settings, channel, isLocked }: { settings: Settings; channel: Channel; isLocked: boolean }) {
  const { t } = useTranslation('settings');
  const save = useSaveSettings();
  const toast = useToast();
  const change = (isActive: boolean) => {
    const alerts =
      channel.kind === 'email'
        ? { email: { isActive } }
        : { webhooks: webhooksWith(settings.alerts.webhooks, { name: channel.name, isActive }).list };
    save.mutate({ alerts }, { onError: toast.failed });
  };
  return (
    <Switch
      size="small"
      aria-label={t('channels.activeOf', { name: channel.name })}
      checked={channel.isActive}
      disabled={isLocked}
      loading={save.isPending}
      onChange={change}
    />
  );
}

function DeleteChannel({ channel }: { channel: Channel }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const save = useSaveSettings();
  const toast = useToast();
  const remove = async () => {
    const { alerts } = await readSettings();
    const change = channel.kind === 'email' ? { email: null } : { webhooks: webhooksWithout(alerts.webhooks, channel.name) };
    await save.mutateAsync({ alerts: change });
    toast.done(common('deleted'));
  };
  return (
    <ConfirmButton size="small" danger title={t('channels.deleteTitle', { name: channel.name })} consequence={t('channels.deleteText')} onConfirm={remove}>
      {common('delete')}
    </ConfirmButton>
  );
}
