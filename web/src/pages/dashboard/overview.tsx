import { Link } from '@tanstack/react-router';
import { Skeleton } from 'antd';
import { Suspense } from 'react';
import { useTranslation } from 'react-i18next';
import { apart } from '@/app/patiently';
import { usePageSearch } from '@/app/use-page-search';
import { useCan } from '@/app/session';
import { EmptyState, QueryState } from '@/components';
import { filterOf, staleness } from '@/components/report';
import { AttentionPanel } from './attention-panel';
import { useAsked, useBoard } from './data';
import { validateSearch } from './search';
import { Tiles, TilesSkeleton } from './tiles';

// The figures come first; tables and charts follow in scripts of their own.
const FilterBar = apart(async () => ({ default: (await import('@/components/report/filter-bar')).FilterBar }));
const Details = apart(() => import('./details'));
const LiveTail = apart(() => import('./live-tail'));

/** How it goes: what is wrong first, then the figures, then who and what is behind them. */
export function Overview() {
  const { t } = useTranslation('dashboard');
  const [search, set] = usePageSearch(validateSearch);
  const { interval, tz } = useAsked();
  const board = useBoard();
  const filter = filterOf(search);
  const isNarrow = Object.keys(filter).length > 0;
  return (
    <>
      <AttentionPanel />
      <Suspense fallback={<Skeleton.Input active />}>
        <FilterBar filter={filter} onChange={set} />
      </Suspense>
      <QueryState query={board} skeleton={<TilesSkeleton />} awaits={t('title')}>
        {(data) =>
          data.summary.totalRequests === 0 && !data.previous?.summary.totalRequests ? (
            <Quiet isNarrow={isNarrow} />
          ) : (
            <div className="stack" {...staleness(board)}>
              <Tiles board={data} filter={filter} />
              <Suspense fallback={<Skeleton active paragraph={{ rows: 12 }} />}>
                <Details board={data} interval={interval} tz={tz} filter={filter} />
              </Suspense>
            </div>
          )
        }
      </QueryState>
      <Suspense fallback={<Skeleton active />}>
        <LiveTail filter={filter} />
      </Suspense>
    </>
  );
}

/** Nothing happened in this range. */
function Quiet({ isNarrow }: { isNarrow: boolean }) {
  const { t } = useTranslation('dashboard');
  const mayWrite = useCan('write');
  return (
    <EmptyState
      title={t('empty.title')}
      text={isNarrow ? t('empty.filtered') : t('empty.range')}
      action={mayWrite && !isNarrow ? <Link to="/playground">{t('empty.try')}</Link> : null}
    />
  );
}
