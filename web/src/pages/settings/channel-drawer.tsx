import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useToast } from '@/components';
import { useSaveSettings, type Settings, type SettingsPatch } from './api';
import { channelsOf, EMAIL, webhookKinds, type ChannelKind, type WebhookKind } from './channel';
import { lockFor, type Locks } from './channels';
import { EmailForm } from './email-form';
import { WebhookForm } from './webhook-form';

interface Props {
  settings: Settings;
  locks: Locks;
  /** The channel's name, or `new:slack`. */
  name: string;
  onClose: () => void;
}

/** The channel that the address names, to change or to make. */
export function ChannelDrawer({ settings, locks, name, onClose }: Props) {
  const { t } = useTranslation();
  const toast = useToast();
  const save = useSaveSettings();
  // What is stored as the drawer opens; what others change meanwhile does not reset the form.
  const [stored] = useState(settings);
  const kind = kindOf(stored, name);
  if (!kind) return null;
  const isLocked = lockFor(locks, kind) !== undefined;
  const onSave: SaveAlerts = async (alerts) => {
    await save.mutateAsync({ alerts });
    toast.done(t('saved'));
    onClose();
  };
  if (kind === EMAIL) return <EmailForm email={stored.alerts.email ?? null} isLocked={isLocked} onSave={onSave} onClose={onClose} />;
  const hook = stored.alerts.webhooks.find((each) => each.name === name) ?? null;
  return <WebhookForm kind={kind} hook={hook} isLocked={isLocked} onSave={onSave} onClose={onClose} />;
}

export type SaveAlerts = (alerts: NonNullable<SettingsPatch['alerts']>) => Promise<void>;

function kindOf(settings: Settings, name: string): ChannelKind | undefined {
  const made = /^new:(.+)$/.exec(name)?.[1];
  if (made === EMAIL) return EMAIL;
  const kind = webhookKinds.find((each): each is WebhookKind => each === made);
  return kind ?? channelsOf(settings.alerts).find((channel) => channel.name === name)?.kind;
}
