import { EyeOutlined, ToolOutlined } from '@ant-design/icons';
import { Select, Tooltip } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { UsableModel } from './models';

interface Props {
  models: readonly UsableModel[];
  value: string | undefined;
  onChange: (model: string) => void;
  label: string;
  isLoading: boolean;
}

/** Any model or route, also one that is not listed: `provider/model` is sent as it is written. */
export function ModelPicker({ models, value, onChange, label, isLoading }: Props) {
  const { t } = useTranslation('playground');
  const [typed, setTyped] = useState('');
  const groups = groupsOf(models, t('routes'));
  const known = models.some((model) => model.id === typed);
  const own = typed.trim() && !known ? [{ label: t('other'), options: [{ value: typed.trim(), label: t('useTyped', { name: typed.trim() }) }] }] : [];
  return (
    <Select<string>
      className="model-picker"
      aria-label={label}
      placeholder={t('chooseModel')}
      showSearch={{ onSearch: setTyped, searchValue: typed, filterOption: (text, option) => matches(text, option) }}
      loading={isLoading}
      value={value ?? null}
      onChange={(model) => {
        setTyped('');
        onChange(model);
      }}
      popupMatchSelectWidth={380}
      options={[...groups, ...own]}
      optionRender={({ value: id, label: name }) => <Option name={name} model={models.find((model) => model.id === id)} />}
    />
  );
}

function matches(text: string, option: unknown): boolean {
  const { value } = option as { value?: unknown };
  return typeof value === 'string' && value.toLowerCase().includes(text.trim().toLowerCase());
}

function groupsOf(models: readonly UsableModel[], routes: string) {
  const groups = new Map<string, { value: string; label: string }[]>();
  for (const model of [...models].sort((a, b) => Number(b.isRoute) - Number(a.isRoute))) {
    const name = model.isRoute ? routes : model.providerCode;
    groups.set(name, [...(groups.get(name) ?? []), { value: model.id, label: model.id }]);
  }
  return [...groups].map(([label, options]) => ({ label, options }));
}

function Option({ name, model }: { name: React.ReactNode; model: UsableModel | undefined }) {
  const { t } = useTranslation('playground');
  return (
    <span className="row spread">
      <span className="break">{name}</span>
      <span className="row quiet">
        {model?.lifecycle === 'deprecating' ? t('deprecating') : null}
        {model?.supportsFunctionCall ? (
          <Tooltip title={t('canTools')}>
            <ToolOutlined aria-label={t('canTools')} />
          </Tooltip>
        ) : null}
        {model?.supportsVision ? (
          <Tooltip title={t('canSee')}>
            <EyeOutlined aria-label={t('canSee')} />
          </Tooltip>
        ) : null}
      </span>
    </span>
  );
}
