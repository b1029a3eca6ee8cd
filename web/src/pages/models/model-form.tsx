import { Checkbox, Collapse, DatePicker, Form, Input, Select, Switch } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { FormDrawer, JsonInput, keepEnter, LimitInput, MoneyInput, ProviderSelect, useToast } from '@/components';
import { useChangeModel, useCreateModel } from './data';
import { bodyOf, changesOf, valuesOf, type ModelValues } from './model-values';
import { lifecycles, modelTypes } from './search';
import type { Model } from './uses';

interface Props {
  /** Which is edited; none: a new one is added. */
  model: Model | null;
  open: boolean;
  onClose: () => void;
  onSaved?: (model: Model) => void;
  /** The provider that a new one is for at first. */
  providerId?: number | undefined;
}

/** Adds or edits a model. */
export function ModelForm({ model, open, onClose, onSaved, providerId }: Props) {
  const { t } = useTranslation('models');
  const toast = useToast();
  const create = useCreateModel();
  const change = useChangeModel();
  const initial = valuesOf(model, providerId);
  const save = async (values: ModelValues) => {
    const saved = model
      ? await change.mutateAsync({ id: model.id, body: changesOf(initial, values) })
      : await create.mutateAsync(bodyOf(values));
    toast.done(t(model ? 'done.saved' : 'done.created', { model: saved.modelCode }));
    onSaved?.(saved);
    onClose();
  };
  return (
    <FormDrawer<ModelValues>
      open={open}
      title={model ? t('edit.title', { model: model.modelCode }) : t('edit.titleNew')}
      initial={initial}
      onSubmit={save}
      onClose={onClose}
    >
      <Names isNew={model === null} />
      <Limits />
      <Prices isNew={model === null} />
      <Life />
      <More />
    </FormDrawer>
  );
}

function Names({ isNew }: { isNew: boolean }) {
  const { t } = useTranslation('models');
  const { t: words } = useTranslation('components');
  const required = [{ required: true, message: words('form.required') }];
  return (
    <>
      <Form.Item name="providerId" label={t('edit.provider')} rules={required}>
        <ProviderSelect disabled={!isNew} allowClear={false} />
      </Form.Item>
      <Form.Item name="modelCode" label={t('edit.code')} extra={t('edit.codeHelp')} rules={required}>
        <Input className="mono" spellCheck={false} autoComplete="off" maxLength={200} />
      </Form.Item>
      <Form.Item name="modelName" label={t('edit.name')} extra={t('edit.nameHelp')}>
        <Input maxLength={200} />
      </Form.Item>
      <Form.Item name="modelType" label={t('edit.type')} required>
        <Select options={modelTypes.map((value) => ({ value, label: t(`types.${value}`) }))} />
      </Form.Item>
    </>
  );
}

function Limits() {
  const { t } = useTranslation('models');
  return (
    <>
      <div className="form-pair">
        <Form.Item name="maxInputTokens" label={t('edit.maxInput')}>
          <LimitInput suffix={t('edit.tokens')} />
        </Form.Item>
        <Form.Item name="maxOutputTokens" label={t('edit.maxOutput')}>
          <LimitInput suffix={t('edit.tokens')} />
        </Form.Item>
      </div>
      <Form.Item label={t('edit.abilities')} required className="form-checks">
        {(['supportsStreaming', 'supportsFunctionCall', 'supportsVision'] as const).map((name, place) => (
          <Form.Item key={name} name={name} valuePropName="checked" noStyle>
            <Checkbox>{t(`abilities.${(['streaming', 'tools', 'vision'] as const)[place] ?? 'tools'}`)}</Checkbox>
          </Form.Item>
        ))}
      </Form.Item>
    </>
  );
}

function Prices({ isNew }: { isNew: boolean }) {
  const { t } = useTranslation('models');
  return (
    <fieldset className="form-group">
      <legend>{t('edit.prices')}</legend>
      <p className="quiet">{isNew ? t('edit.pricesHelp') : `${t('edit.pricesHelp')} ${t('edit.pricesNow')}`}</p>
      <div className="form-pair">
        <Form.Item name="costPer1kPromptTokens" label={t('columns.prompt')}>
          <MoneyInput />
        </Form.Item>
        <Form.Item name="costPer1kCompletionTokens" label={t('columns.completion')}>
          <MoneyInput />
        </Form.Item>
        <Form.Item name="costPer1kCacheReadTokens" label={t('columns.cacheRead')}>
          <MoneyInput placeholder={t('asPrompt')} />
        </Form.Item>
        <Form.Item name="costPer1kCacheWriteTokens" label={t('columns.cacheWrite')}>
          <MoneyInput placeholder={t('asPrompt')} />
        </Form.Item>
      </div>
    </fieldset>
  );
}

function Life() {
  const { t } = useTranslation('models');
  const { t: words } = useTranslation('components');
  return (
    <>
      <div className="form-pair">
        <Form.Item name="lifecycle" label={t('edit.lifecycle')} required extra={t('edit.lifecycleHelp')}>
          <Select options={lifecycles.map((value) => ({ value, label: words(`state.${value}`) }))} />
        </Form.Item>
        <Form.Item
          name="shutdownDate"
          label={t('edit.shutdown')}
          extra={t('edit.shutdownHelp')}
          getValueProps={(value: string | null) => ({ value: value ? dayjs(value) : null })}
          normalize={(value: Dayjs | null) => value?.format('YYYY-MM-DD') ?? null}
        >
          <DatePicker className="wide" onKeyDown={keepEnter} />
        </Form.Item>
      </div>
      <Form.Item name="isActive" label={t('edit.active')} layout="horizontal" valuePropName="checked" required colon={false}>
        <Switch />
      </Form.Item>
      <Form.Item name="isDefault" label={t('edit.default')} layout="horizontal" valuePropName="checked" required colon={false}>
        <Switch />
      </Form.Item>
    </>
  );
}

function More() {
  const { t } = useTranslation('models');
  return (
    <Collapse
      ghost
      size="small"
      items={[
        {
          key: 'more',
          label: t('edit.more'),
          forceRender: true,
          children: (
            <Form.Item name="constraints" label={t('edit.constraints')} extra={t('edit.constraintsHelp')}>
              <JsonInput />
            </Form.Item>
          ),
        },
      ]}
    />
  );
}
