import { App, Button, type ButtonProps } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useToast } from './toast';

interface Props extends Omit<ButtonProps, 'title' | 'onClick'> {
  /** The question: "Delete key main-1?" */
  title: string;
  /** What it means and what depends on it. */
  consequence: ReactNode;
  /** What the button of the dialog says; that of the opening one unless told. */
  confirmText?: string;
  onConfirm: () => unknown;
}

/** A button that asks first, naming what depends on the thing. A failure is told, and the dialog closed. */
export function ConfirmButton({ title, consequence, confirmText, onConfirm, danger = false, children, ...button }: Props) {
  const { modal } = App.useApp();
  const { t } = useTranslation();
  const toast = useToast();
  const ask = () =>
    modal.confirm({
      title,
      content: consequence,
      okText: confirmText ?? (typeof children === 'string' ? children : t('yes')),
      okButtonProps: { danger },
      autoFocusButton: danger ? 'cancel' : 'ok',
      onOk: async () => {
        try {
          await onConfirm();
        } catch (thrown) {
          toast.failed(thrown);
        }
      },
    });
  return (
    <Button
      danger={danger}
      {...button}
      onClick={(event) => {
        event.stopPropagation();
        ask();
      }}
    >
      {children}
    </Button>
  );
}
