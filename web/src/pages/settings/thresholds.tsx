import { Form, InputNumber } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Settings, SettingsPatch } from './api';
import { SectionForm } from './section-form';

/** Each threshold with its bounds, what it is counted in, and what it is at first. */
export const thresholds = [
  ['errorRatePercent', 0, 100, 'percent', 5],
  ['errorRateMinCalls', 1, 1_000_000, 'calls', 20],
  ['budgetPercent', 1, 100, 'percent', 80],
  ['unpricedMinutes', 5, 1440, 'minutes', 15],
  ['shutdownDays', 1, 365, 'days', 30],
  ['journalPercent', 1, 100, 'percent', 50],
  ['journalAgeSeconds', 10, 86_400, 'seconds', 300],
] as const;

type Name = (typeof thresholds)[number][0];

interface Values {
  alerts: Record<Name, number | null>;
}

/** When alerts fire. */
export function Thresholds({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings');
  const stored = Object.fromEntries(thresholds.map(([name]) => [name, settings.alerts[name]])) as Record<Name, number>;
  return (
    <SectionForm<Values>
      title={t('sections.alerts')}
      intro={t('thresholds.intro')}
      stored={{ alerts: stored }}
      // An empty field is null, which is the default again.
      toPatch={(values) => values as SettingsPatch}
    >
      <div className="threshold-grid">
        {thresholds.map(([name, min, max, unit, standard]) => (
          <Form.Item
            key={name}
            name={['alerts', name]}
            label={t(`thresholds.${name}`)}
            extra={`${t(`thresholds.${name}Text`)} ${t('thresholds.standard', { value: standard })}`}
          >
            <InputNumber<number> min={min} max={max} precision={0} suffix={t(`units.${unit}`)} placeholder={String(standard)} />
          </Form.Item>
        ))}
      </div>
    </SectionForm>
  );
}
