import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Dropdown, Input, InputNumber, Select, Switch, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { TagsInput } from '@/components';
import { firstValue, isKnownQuirk, quirks, type QuirkName } from './quirks';

interface Props {
  id?: string;
  value?: Record<string, unknown>;
  onChange?: (value: Record<string, unknown>) => void;
}

/** The quirks of a provider, each by its own kind of field. */
export function QuirksInput({ id, value = {}, onChange }: Props) {
  const { t } = useTranslation('providers');
  const set = Object.keys(value);
  const left = (Object.keys(quirks) as QuirkName[]).filter((name) => !set.includes(name));
  const change = (name: string, next: unknown) => onChange?.({ ...value, [name]: next });
  const remove = (name: string) => onChange?.(Object.fromEntries(Object.entries(value).filter(([each]) => each !== name)));
  const items = left.map((name) => ({ key: name, label: t(`quirks.${name}`), onClick: () => change(name, firstValue(name)) }));
  return (
    <div className="header-rows" id={id}>
      {set.length === 0 ? <Typography.Text type="secondary">{t('form.quirksNone')}</Typography.Text> : null}
      {set.map((name) => (
        <div key={name} className="quirk-row">
          <span>
            {isKnownQuirk(name) ? t(`quirks.${name}`) : name}
            <code>{name}</code>
          </span>
          <Value name={name} value={value[name]} onChange={(next) => change(name, next)} />
          <Button type="text" icon={<CloseOutlined aria-hidden />} aria-label={t('form.quirksRemove', { name })} onClick={() => remove(name)} />
        </div>
      ))}
      {left.length > 0 ? (
        <Dropdown menu={{ items }} trigger={['click']}>
          <Button icon={<PlusOutlined aria-hidden />} className="add-row">{t('form.quirksAdd')}</Button>
        </Dropdown>
      ) : null}
    </div>
  );
}

function Value({ name, value, onChange }: { name: string; value: unknown; onChange: (value: unknown) => void }) {
  const { t } = useTranslation('providers');
  if (!isKnownQuirk(name)) return <code className="mono break">{JSON.stringify(value)}</code>;
  const quirk = quirks[name];
  const label = t(`quirks.${name}`);
  switch (quirk.kind) {
    case 'switch':
      return <Switch aria-label={label} checked={value === true} onChange={onChange} />;
    case 'text':
      return <Input aria-label={label} value={String(value ?? '')} onChange={({ target }) => onChange(target.value)} />;
    case 'count':
      return <InputNumber<number> aria-label={label} min={0} precision={0} value={typeof value === 'number' ? value : null} onChange={(next) => onChange(next ?? 0)} />;
    case 'words':
      return <TagsInput value={Array.isArray(value) ? value.map(String) : []} onChange={onChange} placeholder="temperature, top_p" />;
    case 'choice':
      return <Choice name={name} label={label} value={String(value)} of={quirk.of} onChange={onChange} />;
  }
}

function Choice({ name, label, value, of, onChange }: { name: string; label: string; value: string; of: readonly string[]; onChange: (value: string) => void }) {
  const { t } = useTranslation('providers');
  const words = t('quirkValues', { returnObjects: true }) as Record<string, Record<string, string> | undefined>;
  const options = of.map((each) => ({ value: each, label: words[name]?.[each] ?? each }));
  return <Select aria-label={label} value={value} options={options} onChange={onChange} popupMatchSelectWidth={false} />;
}
