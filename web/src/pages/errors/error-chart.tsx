import { Card } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageSearch } from '@/app/use-page-search';
import { Chart, type ChartPoint } from '@/components/chart';
import { filterOf, pointLabels, useDrill, type Interval } from '@/components/report';
import { formatCount } from '@/format';
import type { ErrorsReport } from './data';
import { partsOf } from './figures';
import { validateSearch } from './search';

/** How failures develop, by type; a click opens those of that time and type. */
export function ErrorChart({ report, interval, tz }: { report: ErrorsReport; interval: Interval; tz: string }) {
  const { t } = useTranslation('errors');
  const { t: words } = useTranslation('components');
  const [search] = usePageSearch(validateSearch);
  const { open } = useDrill();
  const trend = report.trend;
  const labels = useMemo(() => pointLabels(trend?.points ?? [], interval, tz), [trend, interval, tz]);
  const series = useMemo(() => partsOf(report, { noCode: t('noCode'), rest: t('rest') }), [report, t]);
  const drill = ({ index, series: place }: ChartPoint) => {
    const point = trend?.points[index];
    if (!point) return;
    const code = place === null ? undefined : trend?.series[place]?.code;
    open({ ...filterOf(search), status: 'error', errorCode: code ?? undefined, from: point.from, to: point.to });
  };
  return (
    <Card size="small">
      <Chart
        kind="bar"
        title={t('trend')}
        labels={labels}
        exactLabels={trend?.points.map(({ date }) => date)}
        labelTitle={words(`interval.${interval}`)}
        series={series}
        format={formatCount}
        onPoint={drill}
        height={240}
      />
    </Card>
  );
}
