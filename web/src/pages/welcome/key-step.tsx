import { Alert, Button, Form, Input, Radio, Select, Skeleton, type FormInstance } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError, type ApiError } from '@/api/errors';
import { api, call } from '@/api/client';
import { useProviders } from '@/api/lists';
import { useApiMutation, useApiQuery } from '@/api/query';
import { FormFailure, SecretInput, showErrors } from '@/components';
import { addKey, replaceKey, type Added, type KeyValues } from './add-key';
import { choicesOf, OWN, type Choice } from './choices';
import { VerdictLine } from './verdict';

const changed = [['providers'], ['keys'], ['models'], ['usable-models']];

/** Adds a key to a provider that is known, or to an address of one's own; it is validated at once. */
export function KeyStep() {
  const { t } = useTranslation('welcome');
  const providers = useProviders();
  const presets = useApiQuery(['presets'], (signal) => call(api.GET('/api/admin/ai-providers/presets', { signal })), { staleTime: Infinity });
  const [form] = Form.useForm<KeyValues>();
  const [error, setError] = useState<ApiError | null>(null);
  const [added, setAdded] = useState<Added | null>(null);
  const all = providers.data ?? [];
  const save = useApiMutation(
    (values: KeyValues) => (added && !added.verdict.isValid ? replaceKey(added, values.apiKey, all) : addKey(values, presets.data ?? [], all)),
    changed,
  );
  if (!providers.data || presets.isPending) return <Skeleton active paragraph={{ rows: 4 }} />;
  const choices = choicesOf(all, presets.data ?? []);
  const isRefused = added !== null && !added.verdict.isValid;
  const submit = async (values: KeyValues) => {
    setError(null);
    try {
      const result = await save.mutateAsync(values);
      setAdded(result);
      if (result.verdict.isValid) form.resetFields(['apiKey']);
    } catch (thrown) {
      setError(showErrors(form, asApiError(thrown)));
    }
  };
  return (
    <Form<KeyValues>
      form={form}
      layout="vertical"
      requiredMark={false}
      initialValues={{ provider: choices.first[0]?.value ?? 'more' }}
      onFinish={(values) => void submit(values)}
      className="step-form"
    >
      <FormFailure error={error} />
      <WhichProvider form={form} choices={choices} isDisabled={isRefused} />
      <Form.Item name="apiKey" label={isRefused ? t('key.another') : t('key.key')} extra={t('key.keyText')} rules={[{ required: true, whitespace: true, message: t('key.needed') }]}>
        <SecretInput placeholder="sk-…" maxLength={4000} />
      </Form.Item>
      {added ? <VerdictLine verdict={added.verdict} /> : null}
      <Button type="primary" htmlType="submit" loading={save.isPending}>
        {save.isPending ? t('key.checking') : isRefused ? t('key.replace') : t('key.add')}
      </Button>
    </Form>
  );
}

/** The list behind "more". */
const MORE = 'more';

function WhichProvider({ form, choices, isDisabled }: { form: FormInstance<KeyValues>; choices: ReturnType<typeof choicesOf>; isDisabled: boolean }) {
  const { t } = useTranslation('welcome');
  const chosen = Form.useWatch('provider', form);
  const other = Form.useWatch('other', form);
  const needed = [{ required: true, message: t('key.needed') }];
  const value = chosen === MORE ? other : chosen;
  const choice = [...choices.first, ...choices.others].find((each) => each.value === value);
  return (
    <>
      <Form.Item name="provider" label={t('key.provider')} rules={needed}>
        <Radio.Group optionType="button" disabled={isDisabled} className="provider-choice" options={[...choices.first.map(optionOf), { value: MORE, label: t('key.more') }]} />
      </Form.Item>
      {chosen === MORE ? (
        <Form.Item name="other" label={t('key.which')} rules={needed}>
          <Select
            showSearch={{ optionFilterProp: 'label' }}
            disabled={isDisabled}
            placeholder={t('key.which')}
            options={[...choices.others.map(optionOf), { value: OWN, label: t('key.own') }]}
          />
        </Form.Item>
      ) : null}
      {value === OWN ? (
        <Form.Item name="providerName" label={t('key.name')} rules={needed}>
          <Input maxLength={100} placeholder={t('key.namePlaceholder')} disabled={isDisabled} />
        </Form.Item>
      ) : null}
      {value === OWN || choice?.needsUrl ? (
        <Form.Item name="baseUrl" label={t('key.baseUrl')} rules={needed} extra={choice?.baseUrl ? t('key.baseUrlForm', { form: choice.baseUrl }) : t('key.baseUrlText')}>
          <Input placeholder="https://api.example.com/v1" disabled={isDisabled} />
        </Form.Item>
      ) : null}
      {isDisabled ? <Alert type="info" showIcon title={t('key.kept')} className="form-failure" /> : null}
    </>
  );
}

const optionOf = ({ value, label }: Choice) => ({ value, label });
