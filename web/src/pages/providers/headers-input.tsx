import { CloseOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Header } from './values';

interface Props {
  id?: string;
  value?: Header[];
  onChange?: (value: Header[]) => void;
}

/** Headers, a line each. */
export function HeadersInput({ id, value = [], onChange }: Props) {
  const { t } = useTranslation('providers');
  const change = (at: number, part: Partial<Header>) =>
    onChange?.(value.map((header, index) => (index === at ? { ...header, ...part } : header)));
  return (
    <div className="header-rows" id={id}>
      {value.map((header, index) => (
        // Lines have no other identity than their place.
        <div key={index} className="header-row">
          <Input className="mono" aria-label={t('form.headerName')} placeholder="x-team" spellCheck={false} value={header.name} onChange={({ target }) => change(index, { name: target.value })} />
          <Input className="mono" aria-label={t('form.headerValue')} placeholder={t('form.headerValue')} spellCheck={false} value={header.value} onChange={({ target }) => change(index, { value: target.value })} />
          <Button type="text" icon={<CloseOutlined aria-hidden />} aria-label={t('form.headerRemove', { name: header.name })} onClick={() => onChange?.(value.filter((_header, at) => at !== index))} />
        </div>
      ))}
      <Button icon={<PlusOutlined aria-hidden />} className="add-row" onClick={() => onChange?.([...value, { name: '', value: '' }])}>
        {t('form.addHeader')}
      </Button>
    </div>
  );
}

/** What is wrong with the headers before the server sees them. */
export function problemOfHeaders(headers: readonly Header[] | undefined): 'headerNone' | 'headerTwice' | null {
  const names = (headers ?? []).map(({ name }) => name.trim().toLowerCase());
  if (names.includes('')) return 'headerNone';
  return new Set(names).size < names.length ? 'headerTwice' : null;
}
