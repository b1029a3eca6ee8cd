import { useTranslation } from 'react-i18next';
import { StateTag, useZone } from '@/components';
import { useNow } from '@/app/now';
import { formatDate } from '@/format';
import { daysUntil, type Model } from './uses';

/** How far a day is, in words: in 20 days, 3 days ago. */
export function useDaysText() {
  const { t } = useTranslation('models');
  const now = useNow(60_000);
  return (date: string) => {
    const days = daysUntil(date, now);
    if (days === 0) return t('endsToday');
    return days > 0 ? t('daysLeft', { count: days }) : t('daysAgo', { count: -days });
  };
}

/** A day as the screen's language writes it; days of providers have no zone. */
export function useDay() {
  useZone();
  return (date: string) => formatDate(`${date}T00:00:00Z`, 'UTC');
}

/** Where a model is in its life, with its last day. */
export function LifecycleTag({ model }: { model: Model }) {
  const { t } = useTranslation('models');
  const left = useDaysText();
  const day = useDay();
  const { lifecycle, shutdownDate } = model;
  return (
    <div className="model-lifecycle">
      <StateTag state={lifecycle} />
      {shutdownDate ? (
        <span className="quiet nowrap" title={t(lifecycle === 'retired' ? 'ended' : 'ends', { date: day(shutdownDate) })}>
          {day(shutdownDate)} · {left(shutdownDate)}
        </span>
      ) : null}
    </div>
  );
}
