import { MoreOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Dropdown, Switch, type MenuProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, call } from '@/api/client';
import { useTokens } from '@/api/lists';
import { useCan } from '@/app/session';
import { StateTag, useToast } from '@/components';
import { formatCount } from '@/format';
import { useChangeRoute, useDeleteRoute } from './data';
import type { Route } from './targets';

/** Calls that named the alias in the last 30 days. */
async function callsTo(alias: string): Promise<number> {
  const start = new Date(Date.now() - 30 * 86_400_000).toISOString();
  const query = { requestedModel: alias, startDate: start, pageSize: 1 };
  const page = await call(api.GET('/api/admin/ai-stats/logs', { params: { query } }));
  return page.total;
}

/** What depends on a route, in sentences: app tokens that name it, and its calls. */
function useDependents(route: Route) {
  const { t } = useTranslation('routes');
  const tokens = useTokens();
  return async (): Promise<string> => {
    const naming = (tokens.data ?? []).filter((token) => token.allowedModels.includes(route.alias)).map(({ name }) => name);
    const calls = await callsTo(route.alias).catch(() => null);
    const names = naming.slice(0, 5).join(', ') + (naming.length > 5 ? '…' : '');
    return [
      naming.length > 0 ? t('confirm.tokens', { count: naming.length, names }) : null,
      calls === null ? null : calls > 0 ? t('confirm.calls', { count: calls, amount: formatCount(calls) }) : t('confirm.noCalls'),
    ]
      .filter((part) => part !== null)
      .join(' ');
  };
}

/** Switching and deleting, each after a question that names what depends on the route. */
export function useRouteActions(route: Route, onDeleted?: () => void) {
  const { t } = useTranslation('routes');
  const { modal } = App.useApp();
  const toast = useToast();
  const change = useChangeRoute();
  const remove = useDeleteRoute();
  const dependents = useDependents(route);
  const name = { alias: route.alias };
  const ask = async (title: string, text: string, okText: string, act: () => Promise<unknown>) => {
    const content = `${text} ${await dependents()}`;
    modal.confirm({ title, content, okText, okButtonProps: { danger: true }, autoFocusButton: 'cancel', onOk: () => act().catch(toast.failed) });
  };
  const set = (isActive: boolean) =>
    change.mutateAsync({ id: route.id, body: { isActive } }).then(() => toast.done(t(isActive ? 'done.on' : 'done.off', name)));
  return {
    isBusy: change.isPending,
    toggle: (isActive: boolean) => {
      if (isActive) void set(true).catch(toast.failed);
      else void ask(t('confirm.offTitle', name), t('confirm.off'), t('actions.off'), () => set(false));
    },
    remove: () =>
      void ask(t('confirm.deleteTitle', name), t('confirm.delete'), t('actions.delete'), async () => {
        await remove.mutateAsync(route.id);
        toast.done(t('done.deleted', name));
        onDeleted?.();
      }),
  };
}

/** Whether callers may use a route; a switch for those who may set it. */
export function RouteSwitch({ route }: { route: Route }) {
  const { toggle, isBusy } = useRouteActions(route);
  if (!useCan('write')) return <StateTag state={route.isActive ? 'on' : 'off'} />;
  return <Switch size="small" aria-label={route.alias} checked={route.isActive} loading={isBusy} onChange={toggle} />;
}

interface MenuOptions {
  route: Route;
  onOpen: () => void;
  onDuplicate: () => void;
}

/** The menu at the end of a row. */
export function RouteMenu({ route, onOpen, onDuplicate }: MenuOptions) {
  const { t } = useTranslation('routes');
  const navigate = useNavigate();
  const canWrite = useCan('write');
  const actions = useRouteActions(route);
  const items: MenuProps['items'] = [
    { key: 'open', label: t('actions.open'), onClick: onOpen },
    { key: 'calls', label: t('actions.calls'), onClick: () => void navigate({ href: `/logs?range=30d&requestedModel=${encodeURIComponent(route.alias)}` }) },
    ...(canWrite
      ? [
          { key: 'copy', label: t('actions.duplicate'), onClick: onDuplicate },
          { type: 'divider' as const },
          { key: 'delete', label: t('actions.delete'), danger: true, onClick: actions.remove },
        ]
      : []),
  ];
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button type="text" size="small" icon={<MoreOutlined aria-hidden />} aria-label={t('actions.menu', { alias: route.alias })} />
    </Dropdown>
  );
}
