import { Button, Form, Input, InputNumber, Slider, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { TagsInput } from '@/components';
import { extraOf, initialParameters, toolsOf, type Parameters, type Typed } from '@/components/chat/request';
import { useParameters } from './store';

const exampleTools = `[
  {
    "name": "get_weather",
    "description": "The weather of a city",
    "parameters": {
      "type": "object",
      "properties": { "city": { "type": "string" } },
      "required": ["city"]
    }
  }
]`;

/** What is set beside the conversation: system prompt, sampling, tools. Both columns share it. */
export function ParametersPanel() {
  const { t } = useTranslation('playground');
  const [parameters, set] = useParameters();
  const isChanged = Object.entries(initialParameters).some(([name, value]) => parameters[name as keyof Parameters] !== value);
  return (
    <Form layout="vertical" className="parameters" aria-label={t('parameters')} component="div">
      <Form.Item label={t('system')} htmlFor="system">
        <Input.TextArea id="system" className="grows" value={parameters.system} placeholder={t('systemPlaceholder')} onChange={({ target }) => set({ system: target.value })} />
      </Form.Item>
      <Amount name="temperature" max={2} />
      <Amount name="topP" max={1} />
      <Form.Item label={t('maxTokens')} htmlFor="maxTokens">
        <InputNumber<number> id="maxTokens" min={1} precision={0} value={parameters.maxTokens} placeholder={t('asModel')} onChange={(maxTokens) => set({ maxTokens })} />
      </Form.Item>
      <Form.Item label={t('stopAt')} htmlFor="stopAt">
        <TagsInput id="stopAt" value={parameters.stop} onChange={(stop) => set({ stop: stop ?? [] })} placeholder={t('stopAtPlaceholder')} />
      </Form.Item>
      <div className="switches">
        <Toggle name="isStream" />
        <Toggle name="isJson" />
      </div>
      <Tools />
      <Form.Item label={t('extra')} htmlFor="extra" {...faultOf(extraOf(parameters.extra), useFaultText('extra'))}>
        <Input.TextArea id="extra" className="mono grows" spellCheck={false} value={parameters.extra} placeholder='{"seed": 7}' onChange={({ target }) => set({ extra: target.value })} />
      </Form.Item>
      {isChanged ? <Button onClick={() => set(initialParameters)}>{t('resetParameters')}</Button> : null}
    </Form>
  );
}

function Amount({ name, max }: { name: 'temperature' | 'topP'; max: number }) {
  const { t } = useTranslation('playground');
  const [parameters, set] = useParameters();
  const value = parameters[name];
  const change = (next: number | null) => set({ [name]: next });
  return (
    <Form.Item label={t(name)} htmlFor={name}>
      <div className="amount">
        <Slider min={0} max={max} step={0.05} value={value ?? (name === 'topP' ? 1 : 1)} onChange={change} ariaLabelForHandle={t(name)} className={value === null ? 'is-unset' : ''} />
        <InputNumber<number> id={name} min={0} max={max} step={0.05} value={value} placeholder={t('asModel')} onChange={change} />
      </div>
    </Form.Item>
  );
}

function Toggle({ name }: { name: 'isStream' | 'isJson' }) {
  const { t } = useTranslation('playground');
  const [parameters, set] = useParameters();
  return (
    <label className="toggle" htmlFor={name}>
      <Switch id={name} size="small" checked={parameters[name]} onChange={(isOn) => set({ [name]: isOn })} />
      {t(name)}
    </label>
  );
}

function Tools() {
  const { t } = useTranslation('playground');
  const [parameters, set] = useParameters();
  return (
    <Form.Item
      label={t('tools')}
      htmlFor="tools"
      extra={parameters.tools ? undefined : <Button size="small" type="link" onClick={() => set({ tools: exampleTools })}>{t('exampleTools')}</Button>}
      {...faultOf(toolsOf(parameters.tools), useFaultText('tools'))}
    >
      <Input.TextArea id="tools" className="mono grows" spellCheck={false} value={parameters.tools} placeholder="[ ]" onChange={({ target }) => set({ tools: target.value })} />
    </Form.Item>
  );
}

/** What is wrong with a typed JSON text, in words. */
export function useFaultText(field: 'tools' | 'extra') {
  const { t } = useTranslation('playground');
  return (typed: Typed<unknown>): string | undefined => {
    if (typed.ok) return undefined;
    return t(`fault.${typed.why === 'json' ? 'json' : field}`, { detail: typed.detail });
  };
}

function faultOf(typed: Typed<unknown>, textOf: (typed: Typed<unknown>) => string | undefined) {
  const help = textOf(typed);
  return help === undefined ? {} : { help, validateStatus: 'error' as const };
}
