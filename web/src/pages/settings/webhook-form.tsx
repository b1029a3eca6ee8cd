import { Alert, Form, Input, type FormInstance } from 'antd';
import { useTranslation } from 'react-i18next';
import { asApiError } from '@/api/errors';
import { FormDrawer, SecretInput, showErrors } from '@/components';
import { readSettings, type Webhook, type WebhookBody } from './api';
import { isSigned, underPrefix, webhooksWith, withoutEmptySecrets, type WebhookKind } from './channel';
import type { SaveAlerts } from './channel-drawer';
import { ChoiceFields } from './choice-fields';
import { TestChannel } from './trial';

interface Props {
  kind: WebhookKind;
  /** The one that is stored; null for a new one. */
  hook: Webhook | null;
  isLocked: boolean;
  onSave: SaveAlerts;
  onClose: () => void;
}

/** A webhook, to make or to change. Its address and its secret are typed once. */
export function WebhookForm({ kind, hook, isLocked, onSave, onClose }: Props) {
  const { t } = useTranslation('settings');
  const [form] = Form.useForm<WebhookBody>();
  const bodyOf = (values: WebhookBody): WebhookBody =>
    withoutEmptySecrets({ ...values, name: hook?.name ?? values.name, type: kind }, ['url', 'secret']);
  const save = async (values: WebhookBody) => {
    // What another admin added meanwhile stays.
    const { list, index } = webhooksWith((await readSettings()).alerts.webhooks, bodyOf(values));
    try {
      await onSave({ webhooks: list });
    } catch (thrown) {
      throw underPrefix(asApiError(thrown), `alerts.webhooks[${index}]`);
    }
  };
  return (
    <FormDrawer<WebhookBody>
      open
      form={form}
      title={hook ? hook.name : t('channels.newTitle', { kind: t(`channels.kind.${kind}`) })}
      initial={hook ? { name: hook.name, levels: hook.levels, kinds: hook.kinds, isActive: hook.isActive } : { isActive: true, levels: [], kinds: [] }}
      onSubmit={save}
      onClose={onClose}
      readOnly={isLocked}
      extra={<Test form={form} hook={hook} isLocked={isLocked} bodyOf={bodyOf} />}
    >
      <Alert type="info" showIcon title={t(`channels.how.${kind}`)} className="form-failure" />
      <Fields kind={kind} hook={hook} />
      <ChoiceFields />
    </FormDrawer>
  );
}

function Test({ form, hook, isLocked, bodyOf }: { form: FormInstance<WebhookBody>; hook: Webhook | null; isLocked: boolean; bodyOf: (values: WebhookBody) => WebhookBody }) {
  return (
    <TestChannel
      body={async () => {
        if (isLocked && hook) return { channel: hook.name };
        const values = await form.validateFields().catch(() => null);
        return values ? { webhook: bodyOf(values) } : undefined;
      }}
      onRefused={(error) => showErrors(form, underPrefix(error, 'webhook'))}
    />
  );
}

function Fields({ kind, hook }: { kind: WebhookKind; hook: Webhook | null }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const { t: components } = useTranslation('components');
  const required = { required: true, whitespace: true, message: components('form.required') };
  return (
    <>
      <Form.Item name="name" label={common('name')} rules={[required]} extra={hook ? t('channels.nameStays') : t('channels.nameText')}>
        <Input maxLength={100} disabled={hook !== null} autoComplete="off" />
      </Form.Item>
      <Form.Item name="url" label={t('channels.url')} rules={hook ? [] : [required]} extra={t('channels.urlText')} required={hook === null}>
        <SecretInput hint={hook?.url} maxLength={500} />
      </Form.Item>
      {isSigned(kind) ? (
        <Form.Item name="secret" label={t('channels.secret')} extra={t(`channels.secretOf.${kind as 'generic'}`)}>
          <SecretInput hint={hook?.secret} maxLength={200} />
        </Form.Item>
      ) : null}
    </>
  );
}
