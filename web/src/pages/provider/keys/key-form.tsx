import { Checkbox, Form, Input, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { FormDrawer, useToast } from '@/components';
import type { Provider } from '../../providers/health';
import { useKeyActions } from './actions';
import { useAddKey, useUpdateKey } from './api';
import { CredentialFields } from './credential-fields';
import type { UpstreamKey } from './state';
import { emptyKey, keyPatch, newKey, valuesOfKey, type KeyValues } from './values';

interface Props {
  open: boolean;
  provider: Provider;
  /** The one to change; without it a new one is made. */
  apiKey: UpstreamKey | undefined;
  /** Begins with another credential. */
  replace: boolean;
  onClose: () => void;
  /** After the provider was asked. */
  onChecked: (id: number) => void;
}

/** The form of a key. */
export function KeyForm({ open, provider, apiKey, replace, onClose, onChecked }: Props) {
  const { t } = useTranslation('keys');
  const { t: common } = useTranslation();
  const save = useSave({ provider, apiKey, onClose, onChecked });
  return (
    <FormDrawer<KeyValues>
      key={`${apiKey?.id ?? 'new'}-${replace}`}
      open={open}
      width={560}
      title={apiKey ? t('form.edit', { name: apiKey.keyName }) : t('form.add', { name: provider.providerName })}
      initial={apiKey ? valuesOfKey(apiKey, replace) : emptyKey()}
      submitText={apiKey ? common('save') : t('form.submitAdd')}
      onClose={onClose}
      onSubmit={save}
    >
      <Form.Item name="keyName" label={t('form.keyName')} extra={t('form.keyNameHint')} rules={[{ required: true, whitespace: true, message: t('form.keyNameNone') }]}>
        <Input maxLength={100} placeholder="main" autoComplete="off" />
      </Form.Item>
      <CredentialFields apiKey={apiKey} />
      <Form.Item noStyle shouldUpdate={(old, now) => old.replace !== now.replace}>
        {({ getFieldValue }) => (
          <Form.Item name="checkAfter" valuePropName="checked" hidden={!getFieldValue('replace')}>
            <Checkbox>{t('form.checkAfter')}</Checkbox>
          </Form.Item>
        )}
      </Form.Item>
      <h3 className="form-section">{t('form.limits')}</h3>
      <LimitFields />
      <h3 className="form-section">{t('form.share')}</h3>
      <ShareFields provider={provider} />
    </FormDrawer>
  );
}

const limits = [
  ['rateLimitRpm', 'rpm'],
  ['rateLimitTpm', 'tpm'],
  ['rateLimitRpd', 'rpd'],
  ['maxConcurrent', 'concurrent'],
] as const;

/** Zero is unlimited and nothing is "not known", which are two things here. */
function LimitFields() {
  const { t } = useTranslation('keys');
  return (
    <>
      <p className="quiet form-note">{t('form.limitsHint')}</p>
      <div className="form-pair">
        {limits.map(([name, limit]) => (
          <Form.Item key={name} name={name} label={t(`limitNames.${limit}`)}>
            <InputNumber<number> min={0} max={Number.MAX_SAFE_INTEGER} precision={0} controls={false} placeholder={t('form.limitEmpty')} />
          </Form.Item>
        ))}
      </div>
    </>
  );
}

function ShareFields({ provider }: { provider: Provider }) {
  const { t } = useTranslation('keys');
  return (
    <>
      <div className="form-pair">
        <Form.Item name="priority" required label={t('form.priority')} extra={t('form.priorityHint')}>
          <InputNumber<number> min={-1_000_000} max={1_000_000} precision={0} />
        </Form.Item>
        <Form.Item name="weight" required label={t('form.weight')} extra={t('form.weightHint')}>
          <InputNumber<number> min={0} max={1_000_000} precision={0} />
        </Form.Item>
      </div>
      <Form.Item name="baseUrl" label={t('form.baseUrl')} extra={t('form.baseUrlHint', { url: provider.baseUrl })}>
        <Input className="mono" inputMode="url" spellCheck={false} />
      </Form.Item>
    </>
  );
}

function useSave({ provider, apiKey, onClose, onChecked }: Pick<Props, 'provider' | 'apiKey' | 'onClose' | 'onChecked'>) {
  const { t } = useTranslation('keys');
  const toast = useToast();
  const add = useAddKey(provider.id);
  const update = useUpdateKey();
  const { validate } = useKeyActions();
  return async (values: KeyValues) => {
    const saved = apiKey
      ? await update.mutateAsync({ id: apiKey.id, patch: keyPatch(values, apiKey) })
      : await add.mutateAsync(newKey(values));
    toast.done(t(apiKey ? 'told.saved' : 'told.added', { name: saved.keyName }));
    onClose();
    if (!values.replace || !values.checkAfter) return;
    // The form is done; what the provider says is told when it comes.
    void validate(saved).then(() => onChecked(saved.id));
  };
}
