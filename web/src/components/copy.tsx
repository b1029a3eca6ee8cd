import { CheckOutlined, CopyOutlined } from '@ant-design/icons';
import { Alert, Button, Tooltip, type ButtonProps } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

/** Puts text on the clipboard; pages over plain http have none to write to, so a hidden field helps. */
export async function copyText(text: string): Promise<void> {
  const clipboard = (navigator as { clipboard?: Clipboard }).clipboard;
  if (clipboard) {
    await clipboard.writeText(text);
    return;
  }
  const field = document.createElement('textarea');
  field.value = text;
  field.className = 'visually-hidden';
  document.body.append(field);
  field.select();
  document.execCommand('copy');
  field.remove();
}

interface Props extends Pick<ButtonProps, 'size' | 'type'> {
  text: string;
  /** What is copied, for the screen reader and the tip: "Copy request id". */
  label?: string;
  /** Shows the label beside the icon. */
  withLabel?: boolean;
}

/** Copies a text, and says that it did. */
export function CopyButton({ text, label, withLabel, size = 'small', type = 'text' }: Props) {
  const { t } = useTranslation();
  const [copied, setCopied] = useState(false);
  useEffect(() => {
    if (!copied) return;
    const timer = setTimeout(() => setCopied(false), 1500);
    return () => clearTimeout(timer);
  }, [copied]);
  const name = copied ? t('copied') : (label ?? t('copy'));
  return (
    <Tooltip title={withLabel ? undefined : name}>
      <Button
        size={size}
        type={type}
        aria-label={name}
        icon={copied ? <CheckOutlined /> : <CopyOutlined />}
        onClick={(event) => {
          event.stopPropagation();
          void copyText(text).then(() => setCopied(true));
        }}
      >
        {withLabel ? name : null}
      </Button>
    </Tooltip>
  );
}

/** A secret that is shown this once. */
export function Secret({ text }: { text: string }) {
  const { t } = useTranslation('components');
  return (
    <div className="stack">
      <Alert type="warning" showIcon title={t('secret.once')} />
      <div className="secret">
        <code className="mono break" data-testid="secret">
          {text}
        </code>
        <CopyButton text={text} withLabel size="middle" type="primary" />
      </div>
    </div>
  );
}
