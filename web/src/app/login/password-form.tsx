import { Button, Form, Input, Modal, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError, type ApiError } from '@/api/errors';
import { FormFailure, showErrors } from '@/components/form-drawer';
import { useToast } from '@/components/toast';
import { session } from '../session';

interface Values {
  currentPassword: string;
  newPassword: string;
  again: string;
}

interface Props {
  open: boolean;
  /** Somebody else chose the password: there is no way around. */
  isForced: boolean;
  onClose: () => void;
}

/** Changes one's own password, in a dialog. */
export function PasswordDialog({ open, isForced, onClose }: Props) {
  const { t } = useTranslation('login');
  const { t: shell } = useTranslation('shell');
  const { t: common } = useTranslation();
  const out = (
    <Button onClick={isForced ? () => void session.signOut() : onClose}>{isForced ? shell('signOut') : common('cancel')}</Button>
  );
  return (
    <Modal
      open={open}
      title={isForced ? t('change.title') : t('change.changeTitle')}
      footer={null}
      closable={!isForced}
      mask={{ closable: false }}
      keyboard={!isForced}
      onCancel={onClose}
      destroyOnHidden
      width={420}
    >
      <div className="stack">
        <Typography.Text type="secondary">{isForced ? t('change.intro') : t('change.changeIntro')}</Typography.Text>
        <PasswordForm onDone={onClose} beside={out} />
      </div>
    </Modal>
  );
}

function PasswordForm({ onDone, beside }: { onDone: () => void; beside: React.ReactNode }) {
  const { t } = useTranslation('login');
  const toast = useToast();
  const [form] = Form.useForm<Values>();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);

  const submit = async ({ currentPassword, newPassword }: Values) => {
    setBusy(true);
    setError(null);
    try {
      await session.changePassword(currentPassword, newPassword);
      toast.done(t('change.done'));
      onDone();
    } catch (thrown) {
      setError(showErrors(form, asApiError(thrown)));
    } finally {
      setBusy(false);
    }
  };
  const again = ({ getFieldValue }: { getFieldValue: (name: string) => unknown }) => ({
    validator: (_rule: unknown, value: unknown) =>
      value === getFieldValue('newPassword') ? Promise.resolve() : Promise.reject(new Error(t('change.differ'))),
  });
  return (
    <Form<Values> form={form} layout="vertical" requiredMark={false} onFinish={(values) => void submit(values)} className="form-drawer">
      <FormFailure error={error} />
      <Form.Item name="currentPassword" label={t('change.current')} rules={[{ required: true, message: t('passwordMissing') }]}>
        {/* eslint-disable-next-line jsx-a11y/no-autofocus -- the dialog is for nothing else */}
        <Input.Password autoFocus autoComplete="current-password" />
      </Form.Item>
      <Form.Item name="newPassword" label={t('change.next')} extra={t('change.length')} rules={[{ required: true, min: 8, message: t('change.length') }]}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <Form.Item name="again" label={t('change.again')} dependencies={['newPassword']} rules={[again]}>
        <Input.Password autoComplete="new-password" />
      </Form.Item>
      <div className="row spread">
        {beside}
        <Button type="primary" htmlType="submit" loading={isBusy}>
          {t('change.submit')}
        </Button>
      </div>
    </Form>
  );
}
