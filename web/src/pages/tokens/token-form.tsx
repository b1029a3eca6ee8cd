import { Checkbox, DatePicker, Form, Input, Select, Switch } from 'antd';
import dayjs, { type Dayjs } from 'dayjs';
import { useTranslation } from 'react-i18next';
import { useModels, useProviders, useRoutes } from '@/api/lists';
import { FormDrawer, keepEnter, LimitInput, MoneyInput, useToast } from '@/components';
import { useChangeToken, useCreateToken } from './data';
import { bodyOf, changesOf, emptyToken, valuesOf, type TokenValues } from './token-values';
import type { Token } from './token-state';

interface Props {
  open: boolean;
  /** Which is edited; null: a new one is made. */
  token: Token | null;
  onClose: () => void;
  /** Given the new token, which only this answer shows. */
  onMade: (token: Token) => void;
}

/** Makes or edits an app token. */
export function TokenForm({ open, token, onClose, onMade }: Props) {
  const { t } = useTranslation('tokens');
  const { t: common } = useTranslation();
  const toast = useToast();
  const create = useCreateToken();
  const change = useChangeToken();
  const initial = token ? valuesOf(token) : emptyToken;
  const save = async (values: TokenValues) => {
    if (token) {
      await change.mutateAsync({ id: token.id, body: changesOf(initial, values) });
      toast.done(t('done.saved', { name: values.name }));
      onClose();
    } else {
      onMade(await create.mutateAsync(bodyOf(values)));
    }
  };
  return (
    <FormDrawer<TokenValues>
      open={open}
      title={token ? t('edit.title', { name: token.name }) : t('edit.titleNew')}
      initial={initial}
      submitText={token ? common('save') : common('create')}
      onSubmit={save}
      onClose={onClose}
    >
      <Name />
      <Allowed />
      <BudgetFields />
      <LimitFields />
      <Expiry />
      <Form.Item name="isActive" label={t('edit.active')} layout="horizontal" valuePropName="checked" required colon={false}>
        <Switch />
      </Form.Item>
    </FormDrawer>
  );
}

function Name() {
  const { t } = useTranslation('tokens');
  const { t: words } = useTranslation('components');
  return (
    <>
      <Form.Item name="name" label={t('edit.name')} extra={t('edit.nameHelp')} rules={[{ required: true, whitespace: true, message: words('form.required') }]}>
        <Input maxLength={100} autoComplete="off" />
      </Form.Item>
      <Form.Item label={t('edit.scopes')} required>
        {/* Not required itself, which a group of boxes cannot be. */}
        <Form.Item name="scopes" noStyle>
          <Checkbox.Group
            className="form-checks-column"
            options={[
              { value: 'chat', label: t('scopes.chat') },
              {
                value: 'admin',
                label: (
                  <span>
                    {t('scopes.admin')} <span className="quiet">{t('scopes.adminHelp')}</span>
                  </span>
                ),
              },
            ]}
          />
        </Form.Item>
      </Form.Item>
    </>
  );
}

function Allowed() {
  const { t } = useTranslation('tokens');
  const models = useModels();
  const routes = useRoutes();
  const providers = useProviders();
  const codes = [...new Set((models.data ?? []).filter(({ isActive }) => isActive).map(({ modelCode }) => modelCode))];
  const option = (value: string) => ({ value, label: value });
  const groups = [
    { label: t('edit.kinds.route'), title: 'routes', options: (routes.data ?? []).map(({ alias }) => option(alias)) },
    { label: t('edit.kinds.model'), title: 'models', options: codes.map(option) },
  ].filter(({ options }) => options.length > 0);
  return (
    <>
      <Form.Item name="allowedModels" label={t('edit.models')} extra={t('edit.modelsHelp')}>
        <Select mode="tags" tokenSeparators={[',', ' ', '\n']} placeholder={t('edit.modelsPlaceholder')} options={groups} />
      </Form.Item>
      <Form.Item name="allowedProviders" label={t('edit.providers')} extra={t('edit.providersHelp')}>
        <Select
          mode="multiple"
          placeholder={t('edit.providersPlaceholder')}
          showSearch={{ optionFilterProp: 'label' }}
          options={(providers.data ?? []).map(({ providerCode, providerName }) => ({ value: providerCode, label: providerName }))}
        />
      </Form.Item>
    </>
  );
}

const periods = ['day', 'month', 'total'] as const;

function BudgetFields() {
  const { t } = useTranslation('tokens');
  return (
    <div className="form-pair">
      <Form.Item name="budgetUsd" label={t('edit.budget')} extra={t('edit.budgetHelp')}>
        <MoneyInput />
      </Form.Item>
      <Form.Item name="budgetPeriod" label={t('edit.period')} required>
        <Select options={periods.map((value) => ({ value, label: t(`edit.periods.${value}`) }))} />
      </Form.Item>
    </div>
  );
}

function LimitFields() {
  const { t } = useTranslation('tokens');
  const fields = [
    ['rateLimitRpm', t('limits.rpmName')],
    ['rateLimitTpm', t('limits.tpmName')],
    ['rateLimitRpd', t('limits.rpdName')],
    ['maxConcurrent', t('limits.concurrentName')],
  ] as const;
  return (
    <div className="form-pair">
      {fields.map(([name, label]) => (
        <Form.Item key={name} name={name} label={label}>
          <LimitInput />
        </Form.Item>
      ))}
    </div>
  );
}

const presets = { week: 7, month: 30, quarter: 90, year: 365 } as const;

function Expiry() {
  const { t } = useTranslation('tokens');
  const names = Object.keys(presets) as (keyof typeof presets)[];
  return (
    <Form.Item
      name="expiresAt"
      label={t('edit.expires')}
      extra={t('edit.expiresHelp')}
      getValueProps={(value: string | null) => ({ value: value ? dayjs(value) : null })}
      normalize={(value: Dayjs | null) => value?.toISOString() ?? null}
    >
      <DatePicker
        showTime={{ format: 'HH:mm' }}
        format="YYYY-MM-DD HH:mm"
        className="wide"
        onKeyDown={keepEnter}
        minDate={dayjs()}
        presets={names.map((name) => ({ label: t(`edit.presets.${name}`), value: dayjs().add(presets[name], 'day').endOf('day') }))}
      />
    </Form.Item>
  );
}
