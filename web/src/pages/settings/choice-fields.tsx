import { Checkbox, Form, Select, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import type { WebhookBody } from './api';

const levels = ['info', 'warning', 'critical'] as const;
const kinds: NonNullable<WebhookBody['kinds']> = [
  'key_unavailable', 'provider_without_key', 'error_rate', 'budget_spent', 'journal_backlog', 'records_dropped',
  'model_unpriced', 'model_shutdown', 'cost_above_bound',
];

/** Which alerts a channel is told of, and whether it is used. */
export function ChoiceFields() {
  const { t } = useTranslation('settings');
  const { t: components } = useTranslation('components');
  return (
    <>
      <Form.Item name="levels" label={t('channels.levels')} extra={t('channels.levelsText')}>
        <Checkbox.Group options={levels.map((value) => ({ value, label: components(`state.${value}`) }))} />
      </Form.Item>
      <Form.Item name="kinds" label={t('channels.kinds')} extra={t('channels.kindsText')}>
        <Select mode="multiple" allowClear placeholder={t('channels.everything')} options={kinds.map((value) => ({ value, label: components(`alertKind.${value}`) }))} />
      </Form.Item>
      <Form.Item name="isActive" valuePropName="checked" required label={t('channels.active')}>
        <Switch />
      </Form.Item>
    </>
  );
}
