import { Checkbox, Select, Skeleton } from 'antd';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { isRangeName, rangeNames } from '@/app/range';
import { useRange } from '@/app/use-range';
import { patiently } from '@/app/patiently';
import { browserZone } from '@/format';

/** Calendars are large, and most ranges go by a name. */
const DaysPicker = lazy(() => patiently(() => import('./days-picker')));

const zones = () => {
  const all = (Intl as unknown as { supportedValuesOf?: (key: string) => string[] }).supportedValuesOf?.('timeZone') ?? [];
  return [...new Set(['UTC', browserZone(), ...all])];
};

export interface Props {
  /** The range without one in the address. */
  standard?: string;
  withCompare?: boolean;
  withZone?: boolean;
}

/** Chooses range, zone and comparison of the page, in its address. */
export default function RangeChoice({ standard = '7d', withCompare = false, withZone = true }: Props) {
  const { t } = useTranslation('components');
  const { range, tz, before, startDate, endDate, set } = useRange(standard);
  const isNamed = isRangeName(range);
  return (
    <div className="row" role="group" aria-label={t('range.label')}>
      <Select
        aria-label={t('range.label')}
        value={isNamed ? range : 'custom'}
        onChange={(next) => set({ range: next === 'custom' ? `${startDate.slice(0, 10)}..${endDate.slice(0, 10)}` : next })}
        options={[...rangeNames, 'custom' as const].map((name) => ({ value: name, label: t(`range.${name}`) }))}
        popupMatchSelectWidth={false}
      />
      {isNamed ? null : (
        <Suspense fallback={<Skeleton.Input active />}>
          <DaysPicker label={t('range.custom')} from={startDate} to={endDate} onChange={(from, to) => set({ range: `${from}..${to}` })} />
        </Suspense>
      )}
      {withZone ? (
        <Select
          aria-label={t('range.zone')}
          showSearch
          value={tz}
          onChange={(next) => set({ tz: next })}
          options={zones().map((zone) => ({ value: zone, label: zone }))}
          popupMatchSelectWidth={false}
        />
      ) : null}
      {withCompare ? (
        <Checkbox checked={before !== null} onChange={({ target }) => set({ compare: target.checked || undefined })}>
          {t('range.compare')}
        </Checkbox>
      ) : null}
    </div>
  );
}
