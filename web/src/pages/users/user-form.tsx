import { Form, Input, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { FormDrawer, useToast } from '@/components';
import { useUserChanges, type NewUser, type User, type UserChange } from './api';
import { PasswordField } from './password-field';
import { RoleField } from './role-field';

interface Props {
  /** Whom to change; nobody yet where one is made. */
  user: User | undefined;
  isLastAdmin: boolean;
  onClose: () => void;
  onSaved: (user: User) => void;
}

type Values = Omit<NewUser, 'username' | 'role'> & Required<Pick<NewUser, 'username' | 'role'>>;

/** Makes a user, or changes one. */
export function UserForm({ user, isLastAdmin, onClose, onSaved }: Props) {
  const { t } = useTranslation('users');
  const { t: common } = useTranslation();
  const toast = useToast();
  const { create, update } = useUserChanges();
  const save = async (values: Values) => {
    const saved = user
      ? await update.mutateAsync({ id: user.id, body: values satisfies UserChange })
      : await create.mutateAsync(values);
    toast.done(user ? common('saved') : t('created', { name: saved.username }));
    onSaved(saved);
  };
  return (
    <FormDrawer<Values>
      open
      title={user ? t('editTitle', { name: user.username }) : t('newTitle')}
      initial={
        user
          ? { username: user.username, role: user.role, isActive: user.isActive }
          : { role: 'analyst', isActive: true, mustChangePassword: true }
      }
      submitText={user ? common('save') : t('create')}
      onSubmit={save}
      onClose={onClose}
    >
      {(form) => (
        <>
          <Username />
          {user ? null : <PasswordField form={form} label={t('password.first')} />}
          {user ? null : (
            <Form.Item name="mustChangePassword" valuePropName="checked" required label={t('mustChange')} extra={t('mustChangeText')}>
              <Switch />
            </Form.Item>
          )}
          <RoleField locked={isLastAdmin} />
          <Form.Item name="isActive" valuePropName="checked" required label={t('mayEnter')} extra={isLastAdmin ? t('lastAdmin') : t('mayEnterText')}>
            <Switch disabled={isLastAdmin} />
          </Form.Item>
        </>
      )}
    </FormDrawer>
  );
}

function Username() {
  const { t } = useTranslation('users');
  const { t: common } = useTranslation('components');
  return (
    <Form.Item name="username" label={t('username')} extra={t('usernameText')} rules={[{ required: true, whitespace: true, message: common('form.required') }]}>
      <Input maxLength={64} autoComplete="off" spellCheck={false} />
    </Form.Item>
  );
}
