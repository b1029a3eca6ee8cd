import { Segmented } from 'antd';
import { useTranslation } from 'react-i18next';
import type { Span } from '@/app/range';
import { intervalOf, intervalsOf, type Interval } from './interval';

interface Props {
  span: Span;
  chosen: Interval | undefined;
  onChange: (interval: Interval) => void;
}

/** By hour, day or month: what makes sense for the range. */
export function IntervalChoice({ span, chosen, onChange }: Props) {
  const { t } = useTranslation('components');
  const options = intervalsOf(span).map((interval) => ({ value: interval, label: t(`by.${interval}`) }));
  if (options.length < 2) return null;
  return <Segmented<Interval> aria-label={t('by.label')} options={options} value={intervalOf(span, chosen)} onChange={onChange} />;
}
