import { Alert, Form, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { FormDrawer, useToast } from '@/components';
import { useUserChanges, type User } from './api';
import { PasswordField } from './password-field';

interface Values {
  password: string;
  mustChangePassword: boolean;
}

/** Gives somebody another password. */
export function PasswordForm({ user, onClose }: { user: User; onClose: () => void }) {
  const { t } = useTranslation('users');
  const toast = useToast();
  const { update } = useUserChanges();
  return (
    <FormDrawer<Values>
      open
      title={t('password.title', { name: user.username })}
      initial={{ mustChangePassword: true }}
      submitText={t('password.set')}
      onSubmit={async (body) => {
        await update.mutateAsync({ id: user.id, body });
        toast.done(t('password.done', { name: user.username }));
        onClose();
      }}
      onClose={onClose}
    >
      {(form) => (
        <>
          <Alert type="info" showIcon title={t('password.ends')} className="form-failure" />
          <PasswordField form={form} label={t('password.new')} />
          <Form.Item name="mustChangePassword" valuePropName="checked" required label={t('mustChange')} extra={t('mustChangeText')}>
            <Switch />
          </Form.Item>
        </>
      )}
    </FormDrawer>
  );
}
