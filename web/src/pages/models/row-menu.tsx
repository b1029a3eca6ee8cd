import { MoreOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { App, Button, Dropdown, type MenuProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useToast } from '@/components';
import { useChangeModel, useDeleteModel, type ModelRow } from './data';
import { askedAs, isUsed } from './uses';
import { useUsesText } from './uses-text';

/** What can be done with a model beside switching it. */
export function useModelActions({ id, model, provider, uses }: ModelRow, onDeleted?: () => void) {
  const { t } = useTranslation('models');
  const { modal } = App.useApp();
  const toast = useToast();
  const change = useChangeModel();
  const remove = useDeleteModel();
  const usesText = useUsesText();
  const name = { model: model.modelCode, provider: provider?.providerName ?? '' };
  return {
    setDefault: (isDefault: boolean) =>
      change.mutateAsync({ id, body: { isDefault } }).then(
        () => toast.done(t(isDefault ? 'done.default' : 'done.noDefault', name)),
        toast.failed,
      ),
    remove: () =>
      modal.confirm({
        title: t('confirm.deleteTitle', name),
        content: t('confirm.delete') + (isUsed(uses) ? ` ${t('confirm.used', { uses: usesText(uses) })}` : ''),
        okText: t('actions.delete'),
        okButtonProps: { danger: true },
        autoFocusButton: 'cancel',
        onOk: () =>
          remove.mutateAsync(id).then(() => {
            toast.done(t('done.deleted', name));
            onDeleted?.();
          }, toast.failed),
      }),
  };
}

/** The menu at the end of a row. */
export function RowMenu({ row, onEdit }: { row: ModelRow; onEdit: () => void }) {
  const { t } = useTranslation('models');
  const navigate = useNavigate();
  const canWrite = useCan('write');
  const actions = useModelActions(row);
  const { model } = row;
  const items: MenuProps['items'] = [
    { key: 'prices', label: t('actions.prices'), onClick: () => void navigate({ to: '/models/$id', params: { id: String(row.id) } }) },
    { key: 'calls', label: t('actions.calls'), onClick: () => void navigate({ href: `/logs?model=${encodeURIComponent(model.modelCode)}&providerId=${row.model.providerId}` }) },
    ...(canWrite
      ? [
          { key: 'try', label: t('actions.try'), onClick: () => void navigate({ to: '/playground', search: { model: askedAs(model, row.provider) } }) },
          { type: 'divider' as const },
          { key: 'edit', label: t('actions.edit'), onClick: onEdit },
          {
            key: 'default',
            label: t(model.isDefault ? 'actions.noDefault' : 'actions.makeDefault'),
            onClick: () => void actions.setDefault(!model.isDefault),
          },
          { key: 'delete', label: t('actions.delete'), danger: true, onClick: actions.remove },
        ]
      : []),
  ];
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button type="text" size="small" icon={<MoreOutlined aria-hidden />} aria-label={t('actions.menu', { model: model.modelCode })} />
    </Dropdown>
  );
}
