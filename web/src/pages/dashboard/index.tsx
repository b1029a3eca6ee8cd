import { Segmented, Skeleton } from 'antd';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { patiently } from '@/app/patiently';
import { usePageSearch } from '@/app/use-page-search';
import { Page, RangePicker, useRange } from '@/components';
import { IntervalChoice } from '@/components/report';
import './dashboard.css';
import { Overview } from './overview';
import { SPEND_RANGE, validateSearch } from './search';

/** Charts and tables of another view. */
const SpendReport = lazy(() => patiently(() => import('./spend-report')));

/** How we are doing; and who spent what. */
export default function DashboardPage() {
  const { t } = useTranslation('dashboard');
  const [search, set] = usePageSearch(validateSearch);
  const range = useRange();
  const isSpend = search.view === 'spend';
  return (
    <Page
      title={t(isSpend ? 'spend.title' : 'title')}
      intro={isSpend ? t('spend.intro') : undefined}
      actions={
        <>
          <Segmented
            aria-label={t('views.label')}
            value={search.view ?? 'overview'}
            options={[
              { value: 'overview', label: t('views.overview') },
              { value: 'spend', label: t('views.spend') },
            ]}
            onChange={(next) => set({ view: next === 'spend' ? 'spend' : undefined, by: undefined, then: undefined })}
          />
          {isSpend ? null : <IntervalChoice span={range} chosen={search.interval} onChange={(interval) => set({ interval }, { replace: true })} />}
          <RangePicker withCompare={!isSpend} {...(isSpend ? { standard: SPEND_RANGE } : {})} />
        </>
      }
    >
      {isSpend ? (
        <Suspense fallback={<Skeleton active paragraph={{ rows: 12 }} />}>
          <SpendReport />
        </Suspense>
      ) : (
        <Overview />
      )}
    </Page>
  );
}
