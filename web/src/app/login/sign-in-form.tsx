import { Alert, Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError, type ApiError } from '@/api/errors';
import { RequestId } from '@/components/query-state';
import { formatDuration } from '@/format';
import { session, type Me } from '../session';

interface Values {
  username: string;
  password: string;
}

interface Props {
  onDone: (me: Me) => unknown;
  /** The name of who was signed in, when their session has ended. */
  username?: string | undefined;
}

/** Name and password. */
export function SignInForm({ onDone, username }: Props) {
  const { t } = useTranslation('login');
  const [form] = Form.useForm<Values>();
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError | null>(null);

  const submit = async (values: Values) => {
    setBusy(true);
    setError(null);
    try {
      await onDone(await session.signIn(values.username.trim(), values.password));
    } catch (thrown) {
      setError(asApiError(thrown));
      form.getFieldInstance('password')?.focus({ cursor: 'all' });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Form<Values>
      form={form}
      name="sign-in"
      layout="vertical"
      requiredMark={false}
      initialValues={{ username }}
      onFinish={(values) => void submit(values)}
      className="form-drawer"
    >
      <SignInFailure error={error} />
      <Form.Item name="username" label={t('username')} rules={[{ required: true, whitespace: true, message: t('usernameMissing') }]}>
        {/* eslint-disable-next-line jsx-a11y/no-autofocus -- the page is for nothing else */}
        <Input autoFocus={!username} autoComplete="username" autoCapitalize="none" spellCheck={false} size="large" />
      </Form.Item>
      <Form.Item name="password" label={t('password')} rules={[{ required: true, message: t('passwordMissing') }]}>
        {/* eslint-disable-next-line jsx-a11y/no-autofocus -- as above */}
        <Input.Password autoFocus={Boolean(username)} autoComplete="current-password" size="large" />
      </Form.Item>
      <Button type="primary" htmlType="submit" block size="large" loading={isBusy}>
        {t('submit')}
      </Button>
    </Form>
  );
}

function SignInFailure({ error }: { error: ApiError | null }) {
  const { t } = useTranslation('login');
  if (!error) return null;
  const words =
    error.kind === 'unauthenticated'
      ? t('wrong')
      : error.kind === 'rate_limited'
        ? t('wait', { time: formatDuration(error.retryAfterMs ?? 1000) })
        : error.kind === 'offline'
          ? t('unreachable')
          : error.message;
  const isPlain = ['unauthenticated', 'rate_limited', 'offline'].includes(error.kind);
  return (
    <Alert
      type="error"
      showIcon
      role="alert"
      className="form-failure"
      title={words}
      description={isPlain ? undefined : <RequestId id={error.requestId} />}
    />
  );
}
