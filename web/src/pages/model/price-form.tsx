import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { Button, DatePicker, Form } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useNow } from '@/app/now';
import { FormDrawer, keepEnter, LimitInput, MoneyInput, useToast, useZone } from '@/components';
import { formatDateTime } from '@/format';
import type { Model } from '../models/uses';
import { useSetPrice } from './data';
import { PastCalls } from './past-calls';
import { emptyPrice, priceOf, pricesThePast, type PriceValues } from './price-values';

interface Props {
  open: boolean;
  model: Model;
  onClose: () => void;
}

/** A new price of a model from a moment on; says which past calls a reprice would touch. */
export function PriceForm({ open, model, onClose }: Props) {
  const { t } = useTranslation('models');
  const zone = useZone();
  const toast = useToast();
  const set = useSetPrice(model.id);
  const save = async (values: PriceValues) => {
    await set.mutateAsync(priceOf(values));
    const isLater = values.validFrom !== null && Date.parse(values.validFrom) > Date.now();
    toast.done(isLater ? t('newPrice.doneLater', { from: formatDateTime(values.validFrom ?? '', zone) }) : t('newPrice.done'));
    onClose();
  };
  return (
    <FormDrawer<PriceValues>
      open={open}
      title={t('newPrice.title', { model: model.modelCode })}
      initial={emptyPrice}
      submitText={t('newPrice.submit')}
      onSubmit={save}
      onClose={onClose}
      width={600}
    >
      <Form.Item
        name="validFrom"
        label={t('newPrice.validFrom')}
        extra={t('newPrice.validFromHelp')}
        getValueProps={(value: string | null) => ({ value: value ? dayjs(value) : null })}
        normalize={(value: Dayjs | null) => value?.toISOString() ?? null}
      >
        <DatePicker showTime={{ defaultOpenValue: dayjs().startOf('day') }} className="wide" onKeyDown={keepEnter} />
      </Form.Item>
      <Rates />
      <Tiers />
      <Form.Item noStyle shouldUpdate>
        {({ getFieldsValue }) => <Past model={model} values={getFieldsValue(true) as PriceValues} />}
      </Form.Item>
    </FormDrawer>
  );
}

function Rates() {
  const { t } = useTranslation('models');
  const { t: words } = useTranslation('components');
  const required = [{ required: true, message: words('form.required') }];
  const unit = t('newPrice.unit');
  return (
    <div className="form-pair">
      <Form.Item name="costPer1kPromptTokens" label={t('newPrice.prompt')} rules={required}>
        <MoneyInput suffix={unit} />
      </Form.Item>
      <Form.Item name="costPer1kCompletionTokens" label={t('newPrice.completion')} rules={required}>
        <MoneyInput suffix={unit} />
      </Form.Item>
      <Form.Item name="costPer1kCacheReadTokens" label={t('newPrice.cacheRead')} extra={t('newPrice.asPrompt')}>
        <MoneyInput suffix={unit} />
      </Form.Item>
      <Form.Item name="costPer1kCacheWriteTokens" label={t('newPrice.cacheWrite')} extra={t('newPrice.asPrompt')}>
        <MoneyInput suffix={unit} />
      </Form.Item>
      <Form.Item name="costPer1kCacheWrite1hTokens" label={t('newPrice.cacheWrite1h')} extra={t('newPrice.asWrite')}>
        <MoneyInput suffix={unit} />
      </Form.Item>
      <Form.Item name="requestFee" label={t('newPrice.fee')}>
        <MoneyInput />
      </Form.Item>
    </div>
  );
}

function Tiers() {
  const { t } = useTranslation('models');
  return (
    <fieldset className="form-group">
      <legend>{t('newPrice.tiers')}</legend>
      <Form.List name="tiers">
        {(fields, { add, remove }) => (
          <div className="stack">
            {fields.map(({ key, name }) => (
              <div key={key} className="price-tier">
                <div className="row spread">
                  <Form.Item name={[name, 'tierMinPromptTokens']} label={t('newPrice.tierFrom')}>
                    <LimitInput suffix={t('edit.tokens')} />
                  </Form.Item>
                  <Button type="text" icon={<DeleteOutlined aria-hidden />} aria-label={t('newPrice.removeTier')} onClick={() => remove(name)} />
                </div>
                <div className="form-pair">
                  <Form.Item name={[name, 'costPer1kPromptTokens']} label={t('newPrice.prompt')}>
                    <MoneyInput />
                  </Form.Item>
                  <Form.Item name={[name, 'costPer1kCompletionTokens']} label={t('newPrice.completion')}>
                    <MoneyInput />
                  </Form.Item>
                  <Form.Item name={[name, 'costPer1kCacheReadTokens']} label={t('newPrice.cacheRead')}>
                    <MoneyInput placeholder={t('asPrompt')} />
                  </Form.Item>
                  <Form.Item name={[name, 'costPer1kCacheWriteTokens']} label={t('newPrice.cacheWrite')}>
                    <MoneyInput placeholder={t('asPrompt')} />
                  </Form.Item>
                </div>
                <span className="quiet">{t('newPrice.tierUnknown')}</span>
              </div>
            ))}
            <Button icon={<PlusOutlined aria-hidden />} onClick={() => add({})} disabled={fields.length >= 10}>
              {t('newPrice.addTier')}
            </Button>
          </div>
        )}
      </Form.List>
    </fieldset>
  );
}

function Past({ model, values }: { model: Model; values: PriceValues }) {
  const { t } = useTranslation('models');
  const now = useNow(60_000);
  if (!pricesThePast(values, now) || !values.validFrom) return null;
  return <PastCalls modelId={model.id} from={values.validFrom} price={priceOf(values)} hint={t('reprice.notYet')} />;
}
