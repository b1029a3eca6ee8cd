import { Form, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { ProviderSelect, TagsInput } from '@/components';
import { browserZone } from '@/format';
import { lockOf, type Settings } from './api';
import { Label, SectionForm } from './section-form';

type Values = Pick<Settings, 'defaultProvider' | 'defaultTimeZone' | 'corsOrigins' | 'addressLimitPer15Min'>;

function zones(): string[] {
  const all = (Intl as unknown as { supportedValuesOf?: (key: string) => string[] }).supportedValuesOf?.('timeZone') ?? [];
  return [...new Set(['UTC', browserZone(), ...all])];
}

/** What holds for the gateway as a whole. */
export function General({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings');
  const { t: components } = useTranslation('components');
  const by = (field: keyof Values) => lockOf(settings, field);
  const required = [{ required: true, message: components('form.required') }];
  const { defaultProvider, defaultTimeZone, corsOrigins, addressLimitPer15Min } = settings;
  return (
    <SectionForm<Values>
      title={t('sections.general')}
      intro={t('general.intro')}
      stored={{ defaultProvider, defaultTimeZone, corsOrigins, addressLimitPer15Min }}
    >
      <Form.Item name="defaultProvider" rules={required} label={<Label text={t('general.defaultProvider')} by={by('defaultProvider')} />} extra={t('general.defaultProviderText')}>
        <ProviderSelect<string> by="code" allowClear={false} disabled={by('defaultProvider') !== undefined} />
      </Form.Item>
      <Form.Item name="defaultTimeZone" rules={required} label={t('general.timeZone')} extra={t('general.timeZoneText')}>
        <Select showSearch options={zones().map((zone) => ({ value: zone, label: zone }))} />
      </Form.Item>
      <Form.Item name="corsOrigins" label={<Label text={t('general.cors')} by={by('corsOrigins')} />} extra={t('general.corsText')}>
        <TagsInput placeholder="https://admin.example.com" disabled={by('corsOrigins') !== undefined} />
      </Form.Item>
      <Form.Item name="addressLimitPer15Min" rules={required} label={<Label text={t('general.addressLimit')} by={by('addressLimitPer15Min')} />} extra={t('general.addressLimitText')}>
        <InputNumber<number> min={1} max={1_000_000} precision={0} disabled={by('addressLimitPer15Min') !== undefined} />
      </Form.Item>
    </SectionForm>
  );
}
