import { DownloadOutlined } from '@ant-design/icons';
import { Alert, Button, Card, Select } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '@/api/client';
import { useApiQuery } from '@/api/query';
import { usePageSearch } from '@/app/use-page-search';
import { useRange } from '@/app/use-range';
import { QueryState } from '@/components';
import { download, fileName, toCsv } from '@/components/chart';
import { dimensions, FilterBar, filterOf, staleness, type Dimension } from '@/components/report';
import { formatDate } from '@/format';
import { SPEND_RANGE, validateSearch } from './search';
import { cellsOf, treeOf } from './spend';
import { SpendTable } from './spend-table';
import { SpendTotals } from './spend-totals';

/** Who spent what, compared with the time before: one page, one file. */
export default function SpendReport() {
  const { t } = useTranslation('dashboard');
  const { t: words } = useTranslation('components');
  const [search, set] = usePageSearch(validateSearch);
  const { startDate, endDate, tz } = useRange(SPEND_RANGE);
  const by: Dimension = search.by ?? 'app';
  const chosen = search.then ?? (by === 'model' ? 'app' : 'model');
  const then = chosen === 'none' || chosen === by ? undefined : chosen;
  const grouping = `${by} ${then ?? ''}`;
  const query = { by, ...(then ? { then } : {}), startDate, endDate, tz, compare: true, ...filterOf(search) };
  const report = useApiQuery(
    ['stats', 'breakdown', query, grouping],
    (signal) => call(api.GET('/api/admin/ai-stats/usage/breakdown', { params: { query }, signal })),
    { keep: (previous) => previous[3] === grouping },
  );
  const data = report.data;
  const tree = useMemo(() => treeOf(data?.rows ?? [], (place) => t(`without.${(place === 0 ? by : then) ?? by}`)), [data, by, then, t]);
  const save = () => {
    const names = [words(`dimension.${by}`), ...(then ? [words(`dimension.${then}`)] : [])];
    const figures = ['requests', 'tokens', 'cost', 'unpriced', 'requestsBefore', 'tokensBefore', 'costBefore', 'difference', 'change'] as const;
    const columns = [...names, ...figures.map((figure) => t(`spend.file.${figure}`))];
    download(fileName(t('spend.fileName'), startDate.slice(0, 10), endDate.slice(0, 10)), toCsv(columns, cellsOf(tree)));
  };
  const options = dimensions.map((value) => ({ value, label: words(`dimension.${value}`) }));
  return (
    <>
      <div className="row spread">
        <div className="row" role="group" aria-label={t('spend.rows')}>
          <span>{t('spend.by')}</span>
          <Select<Dimension> aria-label={t('spend.by')} value={by} options={options} onChange={(next) => set({ by: next, then: undefined })} popupMatchSelectWidth={false} />
          <span>{t('spend.then')}</span>
          <Select<Dimension | 'none'>
            aria-label={t('spend.then')}
            value={then ?? 'none'}
            options={[{ value: 'none' as const, label: t('spend.noThen') }, ...options.filter(({ value }) => value !== by)]}
            onChange={(next) => set({ then: next })}
            popupMatchSelectWidth={false}
          />
        </div>
        <Button type="primary" icon={<DownloadOutlined aria-hidden />} onClick={save} disabled={!data || report.isPlaceholderData || data.rows.length === 0}>
          {words('chart.csv')}
        </Button>
      </div>
      <FilterBar filter={filterOf(search)} onChange={set} standard={SPEND_RANGE} />
      <QueryState query={report} awaits={t('spend.title')}>
        {(found) => (
          <div className="stack" {...staleness(report)}>
            <SpendTotals report={found} tz={tz} />
            {found.isCut ? <Alert type="warning" showIcon title={t('spend.cut')} /> : null}
            <Card size="small">
              <SpendTable tree={tree} by={by} then={then} total={found.total.totalCost} previous={lastDay(found.previousRange, tz)} />
            </Card>
          </div>
        )}
      </QueryState>
    </>
  );
}

/** A range in words: its first and its last day. */
export function lastDay(range: { from: string; to: string } | null | undefined, tz: string): string {
  if (!range) return '';
  const last = Date.parse(range.to) - 1;
  return `${formatDate(range.from, tz)} – ${formatDate(last, tz)}`;
}
