import { App, Form, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatExact } from '@/format';
import { lockOf, type Settings } from './api';
import { Label, SectionForm } from './section-form';

type Values = Pick<Settings, 'logRetentionDays'>;

/** How long records of calls are kept. */
export function Retention({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings');
  const { t: common } = useTranslation();
  const { t: components } = useTranslation('components');
  const { modal } = App.useApp();
  const by = lockOf(settings, 'logRetentionDays');
  const stored = settings.logRetentionDays;
  /** Fewer days let records go for good. */
  const confirm = ({ logRetentionDays: days }: Values) =>
    days >= stored
      ? Promise.resolve(true)
      : new Promise<boolean>((resolve) => {
          modal.confirm({
            title: t('retention.fewerTitle', { count: days, days: formatExact(days) }),
            content: t('retention.fewerText', { count: days, days: formatExact(days) }),
            okText: common('save'),
            okButtonProps: { danger: true },
            autoFocusButton: 'cancel',
            onOk: () => resolve(true),
            onCancel: () => resolve(false),
          });
        });
  return (
    <SectionForm<Values>
      title={t('sections.retention')}
      intro={t('retention.intro')}
      stored={{ logRetentionDays: stored }}
      confirm={confirm}
      isLocked={by !== undefined}
    >
      <Form.Item
        name="logRetentionDays"
        rules={[{ required: true, message: components('form.required') }]}
        label={<Label text={t('retention.days')} by={by} />}
        extra={t('retention.daysText')}
      >
        <InputNumber<number> min={1} max={3650} precision={0} suffix={t('retention.unit')} disabled={by !== undefined} />
      </Form.Item>
    </SectionForm>
  );
}
