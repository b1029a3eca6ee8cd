import { CheckCircleOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { usePageSearch } from '@/app/use-page-search';
import { EmptyState, Page, QueryState, RangePicker, useRange } from '@/components';
import { FilterBar, filterOf, IntervalChoice, Panel } from '@/components/report';
import { useErrors } from './data';
import { ErrorChart } from './error-chart';
import './errors.css';
import { KeyTable } from './key-table';
import { validateSearch } from './search';
import { Summary } from './summary';
import { TypeTable } from './type-table';

/** What failed, by type and by key, and how that develops. */
export default function ErrorsPage() {
  const { t } = useTranslation('errors');
  const [search, set] = usePageSearch(validateSearch);
  const range = useRange();
  const { report, interval, tz } = useErrors();
  const filter = filterOf(search);
  const isNarrow = Object.keys(filter).length > 0;
  return (
    <Page
      title={t('title')}
      intro={t('intro')}
      actions={
        <>
          <IntervalChoice span={range} chosen={search.interval} onChange={(next) => set({ interval: next }, { replace: true })} />
          <RangePicker withCompare />
        </>
      }
    >
      <FilterBar filter={filter} onChange={set} />
      <QueryState
        query={report}
        awaits={t('title')}
        isEmpty={(data) => data.totalErrors === 0 && data.errorsByKey.length === 0}
        empty={<EmptyState icon={<CheckCircleOutlined aria-hidden />} title={t('none')} text={t(isNarrow ? 'noneFiltered' : 'noneText')} />}
      >
        {(data) => (
          <div className="stack" aria-busy={report.isPlaceholderData}>
            <Summary report={data} />
            <ErrorChart report={data} interval={interval} tz={tz} />
            <Panel title={t('byType')}>
              <TypeTable report={data} />
            </Panel>
            <Panel title={t('byKey')} extra={<span className="quiet">{t('keyNote')}</span>}>
              <KeyTable report={data} />
            </Panel>
          </div>
        )}
      </QueryState>
    </Page>
  );
}
