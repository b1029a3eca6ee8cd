import { App, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { StateTag, useToast } from '@/components';
import { useChangeModel, type ModelRow } from './data';
import { isUsed } from './uses';
import { useUsesText } from './uses-text';

/** Switches a model on, or off: the latter after a question where something uses it. */
export function useSwitchModel({ id, model, uses }: ModelRow) {
  const { t } = useTranslation('models');
  const { modal } = App.useApp();
  const toast = useToast();
  const change = useChangeModel();
  const usesText = useUsesText();
  const name = { model: model.modelCode };
  const set = async (isActive: boolean) => {
    try {
      await change.mutateAsync({ id, body: { isActive } });
      toast.done(t(isActive ? 'done.on' : 'done.off', name));
    } catch (thrown) {
      toast.failed(thrown);
    }
  };
  const toggle = (isActive: boolean) => {
    if (isActive || !isUsed(uses)) {
      void set(isActive);
      return;
    }
    modal.confirm({
      title: t('confirm.offTitle', name),
      content: `${t('confirm.off')} ${t('confirm.used', { uses: usesText(uses) })}`,
      okText: t('actions.off'),
      okButtonProps: { danger: true },
      autoFocusButton: 'cancel',
      onOk: () => set(false),
    });
  };
  return { toggle, isBusy: change.isPending };
}

/** Whether callers may use a model; a switch for those who may set it. */
export function ModelSwitch({ row }: { row: ModelRow }) {
  const { toggle, isBusy } = useSwitchModel(row);
  const { isActive, modelCode } = row.model;
  if (!useCan('write')) return <StateTag state={isActive ? 'on' : 'off'} />;
  return <Switch size="small" aria-label={modelCode} checked={isActive} loading={isBusy} onChange={toggle} />;
}
