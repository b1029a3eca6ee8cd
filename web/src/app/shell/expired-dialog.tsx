import { Button, Modal, Typography } from 'antd';
import { useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { SignInForm } from '../login/sign-in-form';
import { session, useSession } from '../session';

/** The session ended while somebody was at work: they sign in over the page, which keeps what they typed. */
export function ExpiredDialog() {
  const { t } = useTranslation('shell');
  const { status, me } = useSession();
  const content = useRef<HTMLDivElement>(null);
  // A drawer beneath holds the focus until the dialog is open.
  const begin = (isOpen: boolean) => {
    if (isOpen) content.current?.querySelector<HTMLInputElement>('input[type=password]')?.focus();
  };
  return (
    <Modal
      open={status === 'expired'}
      title={t('expired.title')}
      footer={null}
      closable={false}
      keyboard={false}
      mask={{ closable: false }}
      destroyOnHidden
      afterOpenChange={begin}
      width={400}
      zIndex={3000}
    >
      <div className="stack" ref={content}>
        <Typography.Text>{t('expired.text')}</Typography.Text>
        <SignInForm username={me?.username} onDone={() => undefined} />
        <Button type="text" onClick={() => void session.signOut()}>
          {t('expired.leave')}
        </Button>
      </div>
    </Modal>
  );
}
