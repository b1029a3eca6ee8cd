import { Form, Select, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { usePresets, type Preset } from './api';
import { emptyValues, valuesFrom, type ProviderValues } from './values';

interface Props {
  taken: ReadonlySet<string>;
  enabled: boolean;
  onPick: (values: Partial<ProviderValues>) => void;
}

const OWN = '';

/** Where a new provider starts from: the server knows the usual ones. */
export function PresetPicker({ taken, enabled, onPick }: Props) {
  const { t } = useTranslation('providers');
  const presets = usePresets(enabled);
  const all = presets.data ?? [];
  const own = { value: OWN, label: t('form.presetOwn'), isTaken: false, url: '' };
  const options = [own, ...all.map((preset) => optionOf(preset, taken))];
  const pick = (code: string) => {
    const preset = all.find((each) => each.providerCode === code);
    const { providerName, providerCode, protocol, baseUrl, description, defaultModel, extraHeaders, quirks } = emptyValues();
    const blank = { providerName, providerCode, protocol, baseUrl, description, defaultModel, extraHeaders, quirks };
    onPick(preset ? valuesFrom(preset, taken) : blank);
  };
  return (
    <Form.Item required label={t('form.preset')} extra={t('form.presetHint')} htmlFor="preset">
      <Select
        id="preset"
        showSearch={{ optionFilterProp: 'label' }}
        defaultValue={OWN}
        loading={presets.isLoading}
        options={options}
        onChange={pick}
        optionRender={({ data }) => (
          <span className="preset-option">
            <span>{data.label}</span>
            {data.isTaken ? <Tag>{t('form.presetTaken')}</Tag> : null}
          </span>
        )}
      />
    </Form.Item>
  );
}

function optionOf(preset: Preset, taken: ReadonlySet<string>) {
  return { value: preset.providerCode, label: preset.providerName, isTaken: taken.has(preset.providerCode) };
}
