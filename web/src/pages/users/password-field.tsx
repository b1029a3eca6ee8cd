import { ReloadOutlined } from '@ant-design/icons';
import { Button, Form, Space, type FormInstance } from 'antd';
import { useTranslation } from 'react-i18next';
import { CopyButton, SecretInput } from '@/components';
import { madePassword } from './password';

/** A password chosen for somebody: typed, or made here and copied before it is saved. */
export function PasswordField({ form, label }: { form: FormInstance; label: string }) {
  const { t } = useTranslation('users');
  const { t: common } = useTranslation('components');
  const password = Form.useWatch<string | undefined>('password', form) ?? '';
  const make = () => {
    form.setFieldValue('password', madePassword());
    void form.validateFields(['password']);
  };
  return (
    <Form.Item
      label={label}
      extra={t('password.hint')}
      htmlFor="password"
      required
    >
      <Space.Compact block>
        <Form.Item
          name="password"
          noStyle
          rules={[
            { required: true, message: common('form.required') },
            { min: 8, max: 256, message: t('password.length') },
          ]}
        >
          <SecretInput maxLength={300} />
        </Form.Item>
        <Button icon={<ReloadOutlined aria-hidden />} onClick={make}>
          {t('password.make')}
        </Button>
      </Space.Compact>
      {password === '' ? null : <CopyButton text={password} label={t('password.copy')} withLabel type="link" />}
    </Form.Item>
  );
}
