import { Button, Segmented, Skeleton } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageSearch } from '@/app/use-page-search';
import { QueryState } from '@/components';
import { Chart, useProviderColours, type ChartPoint } from '@/components/chart';
import { dimensions, filterBy, Panel, pointLabels, staleness, useDrill, type Dimension, type Drill } from '@/components/report';
import { formatCount, formatMoney } from '@/format';
import { useAsked, useBreakdown, useSeries } from './data';
import { partsOf, worth } from './members';
import { MembersTable } from './members-table';
import { measures, validateSearch, type Measure } from './search';

/** How many members are told before one asks for all. */
const FIRST = 10;

/** The same calls by provider, model, key, app or user: how they develop, and who has how much. */
export function MembersPanel({ filter }: { filter: Drill }) {
  const { t } = useTranslation('dashboard');
  const { t: words } = useTranslation('components');
  const [search, set] = usePageSearch(validateSearch);
  const by = search.by ?? 'provider';
  const measure = search.measure ?? 'requests';
  return (
    <Panel
      title={t('members.title')}
      extra={
        <>
          <Segmented<Dimension>
            aria-label={t('members.by')}
            value={by}
            options={dimensions.map((value) => ({ value, label: words(`dimension.${value}`) }))}
            onChange={(next) => set({ by: next }, { replace: true })}
          />
          <Segmented<Measure>
            aria-label={t('members.measure')}
            value={measure}
            options={measures.map((value) => ({ value, label: t(`measure.${value}`) }))}
            onChange={(next) => set({ measure: next }, { replace: true })}
          />
        </>
      }
    >
      <div className="members">
        {/* Anew for each question: what answers the one before would be drawn, and clicked, as this one's. */}
        <MembersChart key={`${by} ${measure}`} by={by} measure={measure} filter={filter} />
        <Ranking key={by} by={by} measure={measure} />
      </div>
    </Panel>
  );
}

function MembersChart({ by, measure, filter }: { by: Dimension; measure: Measure; filter: Drill }) {
  const { t } = useTranslation('dashboard');
  const { t: words } = useTranslation('components');
  const { interval, tz } = useAsked();
  const { open } = useDrill();
  const colourOf = useProviderColours();
  const query = useSeries(by, measure);
  const data = query.data;
  const labels = useMemo(() => pointLabels(data?.points ?? [], interval, tz), [data, interval, tz]);
  const series = useMemo(
    () => (data ? partsOf(data, measure, { none: t(`without.${by}`), rest: t('members.rest') }, by === 'provider' ? colourOf : undefined) : []),
    [data, measure, by, colourOf, t],
  );
  const drill = ({ index, series: place }: ChartPoint) => {
    const point = data?.points[index];
    if (!point) return;
    const member = place === null ? undefined : data.series[place];
    open({ ...filter, ...filterBy(by, member?.key), from: point.from, to: point.to, status: measure === 'errors' ? 'error' : undefined });
  };
  return (
    <QueryState query={query} skeleton={<Skeleton.Node active className="members-skeleton" />} awaits={t('members.title')}>
      {() => (
        <div {...staleness(query)}>
          <Chart
            kind="bar"
            title={t('members.chart', { measure: t(`measure.${measure}`), by: words(`dimension.${by}`) })}
            labels={labels}
            exactLabels={data?.points.map(({ date }) => date)}
            labelTitle={words(`interval.${interval}`)}
            series={series}
            format={measure === 'cost' ? formatMoney : formatCount}
            onPoint={drill}
            height={300}
          />
        </div>
      )}
    </QueryState>
  );
}

function Ranking({ by, measure }: { by: Dimension; measure: Measure }) {
  const { t } = useTranslation('dashboard');
  const query = useBreakdown(by);
  const [isWhole, setWhole] = useState(false);
  const rows = useMemo(
    () => [...(query.data?.rows ?? [])].sort((one, other) => worth(other, measure) - worth(one, measure)),
    [query.data, measure],
  );
  return (
    <div className="stack members-ranking" {...staleness(query)}>
      <MembersTable query={query} rows={query.data ? (isWhole ? rows : rows.slice(0, FIRST)) : undefined} by={by} measure={measure} />
      {rows.length > FIRST ? (
        <Button type="link" size="small" className="members-more" onClick={() => setWhole(!isWhole)}>
          {isWhole ? t('members.less', { count: FIRST }) : t('members.all', { count: rows.length, replace: { count: formatCount(rows.length) } })}
        </Button>
      ) : null}
    </div>
  );
}
