import { Input, InputNumber, Select, Space, type InputProps } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { parseDecimal } from '@/format';

/** What antd's Form.Item gives a field. */
interface Field<Value> {
  id?: string;
  value?: Value | null | undefined;
  onChange?: (value: Value | null) => void;
  disabled?: boolean;
}

/** Enter in a date picker takes the date, and does not send the form. */
export function keepEnter(event: React.KeyboardEvent) {
  if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) event.preventDefault();
}

/** A secret: typed once, never shown again by the server. With `hint` (`sk-…1234`) an empty field keeps the stored one. */
export function SecretInput({ hint, ...props }: { hint?: string | null | undefined } & Omit<InputProps, 'type'>) {
  const { t } = useTranslation('components');
  return (
    <Input.Password
      autoComplete="new-password"
      spellCheck={false}
      {...(hint ? { placeholder: `${hint} · ${t('secret.keep')}` } : {})}
      {...props}
    />
  );
}

/** Dollars as a decimal string, so that no float comes between what was typed and what is stored. */
export function MoneyInput({ id, value, onChange, disabled = false, placeholder, suffix }: Field<string> & { placeholder?: string; suffix?: string }) {
  const [draft, setDraft] = useState<string | null>(null);
  const shown = draft ?? (value == null ? '' : String(value));
  return (
    <Input
      id={id}
      prefix="$"
      suffix={suffix}
      inputMode="decimal"
      disabled={disabled}
      placeholder={placeholder}
      value={shown}
      onChange={({ target }) => {
        if (!/^[\d.]*$/.test(target.value)) return;
        setDraft(target.value);
        onChange?.(parseDecimal(target.value));
      }}
      onBlur={() => setDraft(null)}
    />
  );
}

/** A limit: a whole number from 1; empty (null) is unlimited. The API's 0 is shown as empty. */
export function LimitInput({ id, value, onChange, disabled = false, max, suffix, unlimited = null }: Field<number> & { max?: number; suffix?: string; /** What "unlimited" is called by the API. */ unlimited?: 0 | null }) {
  const { t } = useTranslation('components');
  return (
    <InputNumber<number>
      id={id}
      min={1}
      {...(max ? { max } : {})}
      precision={0}
      controls={false}
      disabled={disabled}
      suffix={suffix}
      placeholder={t('limit.unlimited')}
      value={value || null}
      onChange={(next) => onChange?.(next ?? unlimited)}
    />
  );
}

/** Milliseconds, typed in seconds. */
export function DurationInput({ id, value, onChange, disabled = false, min = 0, max }: Field<number> & { min?: number; max?: number }) {
  const { t } = useTranslation('components');
  return (
    <InputNumber<number>
      id={id}
      min={min / 1000}
      {...(max ? { max: max / 1000 } : {})}
      step={1}
      disabled={disabled}
      suffix={t('seconds')}
      value={value == null ? null : value / 1000}
      onChange={(next) => onChange?.(next == null ? null : Math.round(next * 1000))}
    />
  );
}

/** Words, each ended by Enter, a comma or a space. */
export function TagsInput({ id, value, onChange, disabled = false, options, placeholder }: Field<string[]> & { options?: string[]; placeholder?: string }) {
  return (
    <Select
      id={id}
      mode="tags"
      disabled={disabled}
      value={value ?? []}
      onChange={(next: string[]) => onChange?.(next)}
      tokenSeparators={[',', ' ', '\n']}
      options={(options ?? []).map((each) => ({ value: each, label: each }))}
      placeholder={placeholder}
      {...(options ? {} : { open: false, suffixIcon: null })}
    />
  );
}

type JsonObject = Record<string, unknown>;

/** A JSON object in text; what is no object yet is told below, and not given on. */
export function JsonInput({ id, value, onChange, disabled = false, rows = 4 }: Field<JsonObject> & { rows?: number }) {
  const { t } = useTranslation('components');
  const [draft, setDraft] = useState<string | null>(null);
  const [problem, setProblem] = useState<string | null>(null);
  const shown = draft ?? (value && Object.keys(value).length > 0 ? JSON.stringify(value, null, 2) : '');
  const take = (text: string) => {
    setDraft(text);
    const { object, why } = readObject(text);
    setProblem(object ? null : why === null ? t('json.notObject') : t('json.bad', { why }));
    if (object) onChange?.(object);
  };
  return (
    <Space orientation="vertical" className="json-input">
      <Input.TextArea
        id={id}
        rows={rows}
        disabled={disabled}
        className="mono"
        spellCheck={false}
        placeholder="{ }"
        value={shown}
        status={problem ? 'error' : ''}
        aria-invalid={problem !== null}
        onChange={({ target }) => take(target.value)}
      />
      {problem ? <span role="alert" className="ant-form-item-explain-error">{problem}</span> : null}
    </Space>
  );
}

/** Reads an object; `why` is JSON's own complaint, null where it is JSON but no object. */
function readObject(text: string): { object: JsonObject | null; why: string | null } {
  if (text.trim() === '') return { object: {}, why: null };
  try {
    const read: unknown = JSON.parse(text);
    const isObject = typeof read === 'object' && read !== null && !Array.isArray(read);
    return { object: isObject ? (read as JsonObject) : null, why: null };
  } catch (thrown) {
    return { object: null, why: thrown instanceof Error ? thrown.message : String(thrown) };
  }
}
