import { useBlocker } from '@tanstack/react-router';
import { App } from 'antd';
import { useTranslation } from 'react-i18next';

/** Asks before unsaved work goes: when the person follows a link, goes back, or closes the tab. */
export function useConfirmLeave(isDirty: boolean) {
  const { modal } = App.useApp();
  const { t } = useTranslation('components');
  useBlocker({
    disabled: !isDirty,
    enableBeforeUnload: () => isDirty,
    shouldBlockFn: ({ current, next }) => {
      // What only changes the address's filters keeps the page.
      if (!isDirty || current.pathname === next.pathname) return false;
      return new Promise<boolean>((resolve) => {
        modal.confirm({
          title: t('form.leaveTitle'),
          content: t('form.leaveText'),
          okText: t('form.leave'),
          cancelText: t('form.stay'),
          okButtonProps: { danger: true },
          autoFocusButton: 'cancel',
          onOk: () => resolve(false),
          onCancel: () => resolve(true),
        });
      });
    },
  });
}
