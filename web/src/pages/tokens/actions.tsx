import { MoreOutlined } from '@ant-design/icons';
import { App, Button, Dropdown, type MenuProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { useToast, useZone } from '@/components';
import { formatCount, formatDate, formatRelative } from '@/format';
import { readUse, useChangeToken, useDeleteToken } from './data';
import type { Token } from './token-state';

/** Since when a token is used and how much, in sentences: for the question before it goes. */
export function useUseText() {
  const { t } = useTranslation('tokens');
  const zone = useZone();
  return async (token: Token): Promise<string> => {
    if (!token.lastUsedAt) return t('confirm.never');
    const last = formatRelative(token.lastUsedAt, Date.now());
    const use = await readUse(token).catch(() => null);
    const since = use?.first
      ? t('confirm.since', { first: formatDate(`${use.first}T12:00:00Z`, zone), last })
      : t('confirm.sinceLast', { last });
    return use ? `${since} ${t('confirm.calls', { count: use.recentCalls, amount: formatCount(use.recentCalls) })}` : since;
  };
}

/** Switching and deleting a token, each after a question that says how it is used. */
export function useTokenActions(token: Token, onDeleted?: () => void) {
  const { t } = useTranslation('tokens');
  const { modal } = App.useApp();
  const toast = useToast();
  const change = useChangeToken();
  const remove = useDeleteToken();
  const usageText = useUseText();
  const name = { name: token.name };
  const ask = async (title: string, text: string, okText: string, act: () => Promise<unknown>) => {
    const content = `${text} ${await usageText(token)}`;
    modal.confirm({ title, content, okText, okButtonProps: { danger: true }, autoFocusButton: 'cancel', onOk: () => act().catch(toast.failed) });
  };
  const set = (isActive: boolean) =>
    change.mutateAsync({ id: token.id, body: { isActive } }).then(() => toast.done(t(isActive ? 'done.on' : 'done.off', name)));
  return {
    isBusy: change.isPending,
    toggle: () => {
      if (!token.isActive) void set(true).catch(toast.failed);
      else void ask(t('confirm.offTitle', name), t('confirm.off'), t('actions.off'), () => set(false));
    },
    remove: () =>
      void ask(t('confirm.deleteTitle', name), t('confirm.delete'), t('actions.delete'), async () => {
        await remove.mutateAsync(token.id);
        toast.done(t('done.deleted', name));
        onDeleted?.();
      }),
  };
}

/** The menu at the end of a row. */
export function TokenMenu({ token, onOpen, onEdit }: { token: Token; onOpen: () => void; onEdit: () => void }) {
  const { t } = useTranslation('tokens');
  const actions = useTokenActions(token);
  const items: MenuProps['items'] = [
    { key: 'open', label: t('actions.open'), onClick: onOpen },
    { key: 'edit', label: t('actions.edit'), onClick: onEdit },
    { key: 'on', label: t(token.isActive ? 'actions.off' : 'actions.on'), onClick: actions.toggle },
    { type: 'divider' },
    { key: 'delete', label: t('actions.delete'), danger: true, onClick: actions.remove },
  ];
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button type="text" size="small" icon={<MoreOutlined aria-hidden />} aria-label={t('actions.menu', { name: token.name })} />
    </Dropdown>
  );
}
