import { Alert, Form, Input, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { DurationInput, JsonInput, ModelSelect } from '@/components';
import { HeadersInput, problemOfHeaders } from './headers-input';
import type { Provider } from './health';
import { QuirksInput } from './quirks-input';
import { endpoints, problemOfUrl, type Header } from './values';

const protocols = ['openai', 'anthropic', 'gemini'] as const;
const strategies = ['priority', 'least_load', 'round_robin', 'weighted', 'least_requests', 'random', 'ip_hash'] as const;

/** Who it is and where. */
export function BasicFields({ provider }: { provider: Provider | undefined }) {
  const { t } = useTranslation('providers');
  const code = Form.useWatch<string | undefined>('providerCode');
  const protocol = Form.useWatch<Provider['protocol'] | undefined>('protocol') ?? 'openai';
  const isOtherCode = provider !== undefined && code !== undefined && code !== provider.providerCode;
  return (
    <>
      <div className="form-pair">
        <Form.Item name="providerName" label={t('form.providerName')} rules={[{ required: true, whitespace: true, message: t('form.nameNone') }]}>
          <Input maxLength={100} placeholder="OpenAI" />
        </Form.Item>
        <Form.Item
          name="providerCode"
          label={t('form.providerCode')}
          extra={t('form.providerCodeHint', { code: code || 'openai' })}
          rules={[
            { required: true, message: t('form.codeNone') },
            { pattern: /^[a-z0-9][a-z0-9_-]{0,49}$/, message: t('form.codeForm') },
          ]}
        >
          <Input className="mono" maxLength={50} placeholder="openai" spellCheck={false} autoCapitalize="none" />
        </Form.Item>
      </div>
      {isOtherCode ? <Alert type="warning" showIcon title={t('form.codeChange')} className="form-failure" /> : null}
      <Form.Item name="protocol" required label={t('form.protocol')}>
        <Select options={protocols.map((value) => ({ value, label: t(`form.protocols.${value}`) }))} />
      </Form.Item>
      <Form.Item
        name="baseUrl"
        label={t('form.baseUrl')}
        required
        extra={t('form.baseUrlHint', { endpoint: endpoints[protocol] })}
        rules={[
          {
            validator: (_rule, url: string) => {
              const problem = problemOfUrl(url ?? '');
              return problem ? Promise.reject(new Error(t(`form.${problem}`))) : Promise.resolve();
            },
          },
        ]}
      >
        <Input className="mono" placeholder="https://api.example.com/v1" spellCheck={false} inputMode="url" />
      </Form.Item>
      <div className="form-pair">
        <Form.Item name="defaultModel" label={t('form.defaultModel')} extra={provider ? t('form.defaultModelHint') : t('form.defaultModelNew')}>
          {provider ? <ModelSelect providerId={provider.id} /> : <Input className="mono" maxLength={200} placeholder="gpt-5.4-mini" spellCheck={false} />}
        </Form.Item>
        <Form.Item name="sortOrder" required label={t('form.sortOrder')} extra={t('form.sortOrderHint')}>
          <InputNumber<number> precision={0} min={-1_000_000} max={1_000_000} />
        </Form.Item>
      </div>
      <Form.Item name="description" label={t('form.description')}>
        <Input.TextArea className="grows" maxLength={1000} rows={2} />
      </Form.Item>
    </>
  );
}

const waits = ['connectTimeoutMs', 'firstTokenTimeoutMs', 'idleTimeoutMs', 'totalTimeoutMs'] as const;

/** How its keys share the load, and how long calls wait. */
export function LoadFields() {
  const { t } = useTranslation('providers');
  const strategy = Form.useWatch<Provider['lbStrategy'] | undefined>('lbStrategy') ?? 'priority';
  return (
    <>
      <Form.Item name="lbStrategy" required label={t('form.lbStrategy')} extra={t(`form.strategyHints.${strategy}`)}>
        <Select options={strategies.map((value) => ({ value, label: t(`form.strategies.${value}`) }))} />
      </Form.Item>
      <div className="form-pair">
        {waits.map((name) => (
          <Form.Item key={name} name={name} required label={`${t('form.timeouts')}: ${t(`form.${name}`)}`}>
            <DurationInput min={1} max={3_600_000} />
          </Form.Item>
        ))}
        <Form.Item name="maxRetries" required label={t('form.maxRetries')} extra={t('form.maxRetriesHint')}>
          <InputNumber<number> precision={0} min={0} max={20} />
        </Form.Item>
        <Form.Item name="queueTimeoutMs" required label={t('form.queueTimeoutMs')} extra={t('form.queueTimeoutHint')}>
          <DurationInput min={0} max={600_000} />
        </Form.Item>
      </div>
    </>
  );
}

/** What it wants sent that its protocol does not say. */
export function AdvancedFields() {
  const { t } = useTranslation('providers');
  return (
    <>
      <Form.Item
        name="extraHeaders"
        label={t('form.extraHeaders')}
        extra={t('form.extraHeadersHint')}
        rules={[
          {
            validator: (_rule, headers: Header[] | undefined) => {
              const problem = problemOfHeaders(headers);
              return problem ? Promise.reject(new Error(t(`form.${problem}`))) : Promise.resolve();
            },
          },
        ]}
      >
        <HeadersInput />
      </Form.Item>
      <Form.Item name="defaultParams" label={t('form.defaultParams')} extra={t('form.defaultParamsHint', { example: '{ "temperature": 0.3 }' })}>
        <JsonInput />
      </Form.Item>
      <Form.Item name="quirks" label={t('form.quirks')} extra={t('form.quirksHint')}>
        <QuirksInput />
      </Form.Item>
    </>
  );
}
