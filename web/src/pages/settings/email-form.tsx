import { Form, Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { asApiError } from '@/api/errors';
import { FormDrawer, SecretInput, TagsInput, showErrors } from '@/components';
import type { Email } from './api';
import { underPrefix, usualPort, withoutEmptySecrets, type EmailValues } from './channel';
import type { SaveAlerts } from './channel-drawer';
import { ChoiceFields } from './choice-fields';
import { TestChannel } from './trial';

interface Props {
  email: Email | null;
  isLocked: boolean;
  onSave: SaveAlerts;
  onClose: () => void;
}

const tlsKinds = ['starttls', 'implicit', 'none'] as const;

/** The mail channel. Its password is typed once. */
export function EmailForm({ email, isLocked, onSave, onClose }: Props) {
  const { t } = useTranslation('settings');
  const [form] = Form.useForm<EmailValues>();
  const bodyOf = (values: EmailValues): EmailValues =>
    withoutEmptySecrets({ ...values, username: values.username || null }, ['password']);
  const save = async (values: EmailValues) => {
    try {
      await onSave({ email: bodyOf(values) });
    } catch (thrown) {
      throw underPrefix(asApiError(thrown), 'alerts.email');
    }
  };
  const test = async () => {
    if (isLocked) return { channel: 'email' };
    const values = await form.validateFields().catch(() => null);
    return values ? { email: bodyOf(values) } : undefined;
  };
  return (
    <FormDrawer<EmailValues>
      open
      form={form}
      title={t('channels.kind.email')}
      initial={initialOf(email)}
      onSubmit={save}
      onClose={onClose}
      readOnly={isLocked}
      extra={<TestChannel body={test} onRefused={(error) => showErrors(form, underPrefix(error, 'email'))} />}
    >
      <Server email={email} onTls={(tls) => form.setFieldValue('port', usualPort[tls])} />
      <Letters />
      <ChoiceFields />
    </FormDrawer>
  );
}

function initialOf(email: Email | null): Partial<EmailValues> {
  if (!email) return { tls: 'starttls', port: usualPort.starttls, isActive: true, levels: [], kinds: [], to: [] };
  const { host, port, tls, username, from, to, isActive, levels, kinds } = email;
  return { host, port, tls, username: username ?? null, from, to, isActive, levels, kinds };
}

function Server({ email, onTls }: { email: Email | null; onTls: (tls: keyof typeof usualPort) => void }) {
  const { t } = useTranslation('settings');
  const { t: components } = useTranslation('components');
  const required = [{ required: true, message: components('form.required') }];
  return (
    <>
      <Form.Item name="host" label={t('email.host')} rules={required}>
        <Input placeholder="smtp.example.com" autoComplete="off" />
      </Form.Item>
      <Form.Item name="tls" required label={t('email.tls')}>
        <Select onChange={onTls} options={tlsKinds.map((value) => ({ value, label: t(`email.tlsKind.${value}`) }))} />
      </Form.Item>
      <Form.Item name="port" label={t('email.port')} rules={required}>
        <InputNumber<number> min={1} max={65_535} precision={0} controls={false} />
      </Form.Item>
      <Form.Item name="username" label={t('email.username')} extra={t('email.usernameText')}>
        <Input maxLength={200} autoComplete="off" />
      </Form.Item>
      <Form.Item name="password" label={t('email.password')} extra={email ? t('email.passwordText') : undefined}>
        <SecretInput hint={email?.password} maxLength={500} />
      </Form.Item>
    </>
  );
}

function Letters() {
  const { t } = useTranslation('settings');
  const { t: components } = useTranslation('components');
  const required = { required: true, message: components('form.required') };
  return (
    <>
      <Form.Item name="from" label={t('email.from')} rules={[required]}>
        <Input placeholder="Tollgate <tollgate@example.com>" autoComplete="off" />
      </Form.Item>
      <Form.Item name="to" label={t('email.to')} rules={[{ ...required, type: 'array' }]} extra={t('email.toText')}>
        <TagsInput placeholder="ops@example.com" />
      </Form.Item>
    </>
  );
}
