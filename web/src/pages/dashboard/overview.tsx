import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { usePageSearch } from '@/app/use-page-search';
import { useCan } from '@/app/session';
import { EmptyState, QueryState } from '@/components';
import { FilterBar, filterOf } from '@/components/report';
import { AttentionPanel } from './attention-panel';
import { useAsked, useBoard } from './data';
import { LiveTail } from './live-tail';
import { MembersPanel } from './members-panel';
import { ErrorRankings, TopSpenders } from './rankings';
import { validateSearch } from './search';
import { Tiles, TilesSkeleton } from './tiles';
import { Trends } from './trends';

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
      <FilterBar filter={filter} onChange={set} />
      <QueryState query={board} skeleton={<TilesSkeleton />} awaits={t('title')}>
        {(data) =>
          data.summary.totalRequests === 0 && !data.previous?.summary.totalRequests ? (
            <Quiet isNarrow={isNarrow} />
          ) : (
            <div className={board.isPlaceholderData ? 'stack is-stale' : 'stack'} aria-busy={board.isPlaceholderData}>
              <Tiles board={data} filter={filter} />
              <Trends board={data} interval={interval} tz={tz} filter={filter} />
              <MembersPanel filter={filter} />
              <div className="report-grid rankings">
                <ErrorRankings board={data} filter={filter} />
                <TopSpenders by="app" filter={filter} />
                <TopSpenders by="user" filter={filter} />
              </div>
            </div>
          )
        }
      </QueryState>
      <LiveTail filter={filter} />
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
