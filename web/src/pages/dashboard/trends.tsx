import { Card } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { Chart, colourOfState, palette, type ChartPoint, type ChartSeries } from '@/components/chart';
import { pointLabels, useDrill, type Drill, type Interval } from '@/components/report';
import { formatCount, formatDuration, formatMoney } from '@/format';
import type { Board, Point } from './data';

interface Props {
  board: Board;
  interval: Interval;
  tz: string;
  filter: Drill;
}

/** How calls, cost, latency and tokens develop, each beside the time before where that is asked for. */
export function Trends({ board, interval, tz, filter }: Props) {
  const { t } = useTranslation('dashboard');
  const { t: words } = useTranslation('components');
  const { open } = useDrill();
  const { trend, previous } = board;
  const labels = useMemo(() => pointLabels(trend, interval, tz), [trend, interval, tz]);
  const series = useMemo(() => seriesOf(trend, previous?.trend, (key) => t(`trend.${key}`)), [trend, previous, t]);
  const exactLabels = useMemo(() => trend.map(({ date }) => date), [trend]);
  const drill = (statuses: readonly Drill['status'][]) => ({ index, series: place }: ChartPoint) => {
    const point = trend[index];
    if (point) open({ ...filter, from: point.from, to: point.to, status: place === null ? undefined : statuses[place] });
  };
  const common = { labels, exactLabels, labelTitle: words(`interval.${interval}`), height: 200 };
  return (
    <div className="report-grid">
      <Card size="small">
        <Chart {...common} kind="bar" title={t('trend.calls')} series={series.calls} format={formatCount} onPoint={drill(['success', 'cancelled', 'error'])} />
      </Card>
      <Card size="small">
        <Chart {...common} kind="bar" title={t('trend.cost')} series={series.cost} format={formatMoney} onPoint={drill([])} />
      </Card>
      <Card size="small">
        <Chart {...common} kind="line" title={t('trend.latency')} series={series.latency} format={formatDuration} onPoint={drill(['success', 'success', 'success'])} />
      </Card>
      <Card size="small">
        <Chart {...common} kind="bar" title={t('trend.tokens')} series={series.tokens} format={formatCount} onPoint={drill([])} />
      </Card>
    </div>
  );
}

type Word = 'success' | 'cancelled' | 'error' | 'cost' | 'tokens' | 'before' | 'p50' | 'p95' | 'p99' | 'p95Before';

function seriesOf(trend: readonly Point[], previous: readonly Point[] | undefined, word: (key: Word) => string) {
  const one = (name: Word, colour: string, of: (point: Point) => number | null, stack?: string): ChartSeries => ({
    name: word(name),
    colour,
    values: trend.map(of),
    ...(stack ? { stack } : {}),
  });
  const before = (of: (point: Point) => number | null, name: Word = 'before'): ChartSeries[] =>
    previous ? [{ name: word(name), colour: palette.grey, isBefore: true, values: trend.map((_, index) => (previous[index] ? of(previous[index]) : null)) }] : [];
  const cancelled = ({ requests, successCount, errorCount }: Point) => Math.max(0, requests - successCount - errorCount);
  return {
    calls: [
      one('success', colourOfState('success'), ({ successCount }) => successCount, 'calls'),
      one('cancelled', colourOfState('cancelled'), cancelled, 'calls'),
      one('error', colourOfState('error'), ({ errorCount }) => errorCount, 'calls'),
      ...before(({ requests }) => requests),
    ],
    cost: [one('cost', palette.orange, ({ cost }) => cost), ...before(({ cost }) => cost)],
    tokens: [one('tokens', palette.violet, ({ tokens }) => tokens), ...before(({ tokens }) => tokens)],
    // Where no call was answered there is no latency: the line has a gap, and no zero that nobody measured.
    latency: [
      one('p50', palette.blue, ({ p50LatencyMs }) => p50LatencyMs ?? null),
      one('p95', palette.orange, ({ p95LatencyMs }) => p95LatencyMs ?? null),
      one('p99', palette.pink, ({ p99LatencyMs }) => p99LatencyMs ?? null),
      ...before(({ p95LatencyMs }) => p95LatencyMs ?? null, 'p95Before'),
    ],
  };
}
