import { Link } from '@tanstack/react-router';
import { Button, Form, Input } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '@/api/client';
import { asApiError, type ApiError } from '@/api/errors';
import { useTokens } from '@/api/lists';
import { useApiMutation } from '@/api/query';
import { FormFailure, Secret, showErrors } from '@/components';
import { keepToken, useMadeToken } from './made-token';

/** Makes an app token, shown once. */
export function TokenStep() {
  const { t } = useTranslation('welcome');
  const token = useMadeToken();
  const tokens = useTokens();
  const [form] = Form.useForm<{ name: string }>();
  const [error, setError] = useState<ApiError | null>(null);
  const make = useApiMutation((body: { name: string }) => call(api.POST('/api/admin/app-tokens', { body })), [['tokens']]);
  const submit = async (values: { name: string }) => {
    setError(null);
    try {
      const made = await make.mutateAsync(values);
      keepToken(made.token ?? undefined);
    } catch (thrown) {
      setError(showErrors(form, asApiError(thrown)));
    }
  };
  if (token) {
    return (
      <div className="stack">
        <Secret text={token} />
        <Button className="start" onClick={() => keepToken(undefined)}>
          {t('token.noted')}
        </Button>
      </div>
    );
  }
  const count = tokens.data?.length ?? 0;
  return (
    <Form form={form} layout="vertical" requiredMark={false} className="step-form" initialValues={{ name: 'my-app' }} onFinish={(values) => void submit(values)}>
      <FormFailure error={error} />
      {count > 0 ? (
        <p className="form-failure">
          {t('token.there', { count })} <Link to="/tokens">{t('token.see')}</Link>
        </p>
      ) : null}
      <Form.Item name="name" label={t('token.name')} extra={t('token.nameText')} rules={[{ required: true, whitespace: true, message: t('key.needed') }]}>
        <Input maxLength={100} />
      </Form.Item>
      <Button type="primary" htmlType="submit" loading={make.isPending}>
        {t('token.make')}
      </Button>
    </Form>
  );
}
