import { Link } from '@tanstack/react-router';
import { Skeleton } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Count, Duration, Money, Percent } from '@/components';
import { colourOfState, palette } from '@/components/chart';
import { changeOf, ChangeTag, pointsOf, Sparkline, useDrill, type Drill } from '@/components/report';
import { formatCount, formatDuration, formatMoney, formatPercent } from '@/format';
import type { Board } from './data';


interface TileProps {
  label: string;
  /** What opens behind it. */
  to: string;
  search: never;
  value: ReactNode;
  note?: ReactNode;
  change?: ReactNode;
  course?: ReactNode;
  tone?: 'bad' | undefined;
}

function Tile({ label, to, search, value, note, change, course, tone }: TileProps) {
  return (
    <Link to={to} search={search} className="tile-link">
      <div className={tone ? `panel tile is-${tone}` : 'panel tile'}>
        <span className="tile-label">{label}</span>
        <span className="tile-value">{value}</span>
        {change ? <span className="tile-note">{change}</span> : null}
        {note ? <span className="tile-note">{note}</span> : null}
        <span className="tile-course">{course}</span>
      </div>
    </Link>
  );
}

/** The figures that say how it goes; each opens what is behind it. */
export function Tiles({ board, filter }: { board: Board; filter: Drill }) {
  const { t } = useTranslation('dashboard');
  const { search } = useDrill();
  const { summary, trend } = board;
  const before = board.previous?.summary;
  const to = { calls: search(filter), failed: search({ ...filter, status: 'error' }), unpriced: search({ ...filter, unpriced: true }) };
  const course = (of: (point: Board['trend'][number]) => number, colour: string) => <Sparkline values={trend.map(of)} colour={colour} />;
  return (
    <div className="tiles">
      <Tile
        label={t('tile.requests')}
        to="/logs"
        search={to.calls}
        value={<Count value={summary.totalRequests} />}
        change={before ? <ChangeTag change={changeOf(summary.totalRequests, before.totalRequests)} before={formatCount(before.totalRequests)} /> : null}
        course={course(({ requests }) => requests, palette.blue)}
      />
      <Tile
        label={t('tile.successRate')}
        to="/errors"
        search={to.calls}
        value={<Percent value={summary.totalRequests > 0 ? summary.successRate : null} />}
        tone={summary.totalRequests > 0 && summary.successRate < 0.95 ? 'bad' : undefined}
        change={
          before && before.totalRequests > 0 ? (
            <ChangeTag change={pointsOf(summary.successRate, before.successRate)} good="up" isPoints before={formatPercent(before.successRate)} />
          ) : null
        }
        course={course(({ successRate }) => successRate, colourOfState('success'))}
      />
      <Tile
        label={t('tile.errors')}
        to="/logs"
        search={to.failed}
        value={<Count value={summary.errorCount} />}
        change={before ? <ChangeTag change={changeOf(summary.errorCount, before.errorCount)} good="down" before={formatCount(before.errorCount)} /> : null}
        note={summary.cancelledCount > 0 ? t('tile.cancelled', { count: summary.cancelledCount, replace: { count: formatCount(summary.cancelledCount) } }) : null}
        course={course(({ errorCount }) => errorCount, colourOfState('error'))}
      />
      <Tile
        label={t('tile.tokens')}
        to="/logs"
        search={to.calls}
        value={<Count value={summary.totalTokens} />}
        change={before ? <ChangeTag change={changeOf(summary.totalTokens, before.totalTokens)} before={formatCount(before.totalTokens)} /> : null}
        course={course(({ tokens }) => tokens, palette.violet)}
      />
      <Tile
        label={t('tile.cost')}
        to="/logs"
        search={to.calls}
        value={<Money usd={summary.totalCost} />}
        change={before ? <ChangeTag change={changeOf(summary.totalCost, before.totalCost)} good="down" before={formatMoney(before.totalCost)} /> : null}
        course={course(({ cost }) => cost, palette.orange)}
      />
      <Tile
        label={t('tile.latency')}
        to="/logs"
        search={to.calls}
        value={<Duration ms={summary.p50LatencyMs} />}
        change={
          before?.p50LatencyMs && summary.p50LatencyMs ? (
            <ChangeTag change={changeOf(summary.p50LatencyMs, before.p50LatencyMs)} good="down" before={formatDuration(before.p50LatencyMs)} />
          ) : null
        }
        note={
          <>
            <span className="nowrap">p95 {formatDuration(summary.p95LatencyMs)}</span> <span className="nowrap">p99 {formatDuration(summary.p99LatencyMs)}</span>
          </>
        }
        course={course(({ p50LatencyMs }) => p50LatencyMs ?? 0, palette.sky)}
      />
      <Tile
        label={t('tile.unpriced')}
        to="/logs"
        search={to.unpriced}
        value={<Count value={summary.unpricedCount} />}
        tone={summary.unpricedCount > 0 ? 'bad' : undefined}
        note={summary.unpricedCount > 0 ? t('tile.unpricedNote') : t('tile.pricedNote')}
        course={course(({ unpricedCount }) => unpricedCount, palette.brown)}
      />
    </div>
  );
}

export function TilesSkeleton() {
  return (
    <div className="tiles" aria-hidden="true">
      {Array.from({ length: 7 }, (_, index) => (
        <div key={index} className="panel tile">
          <Skeleton active title={{ width: '50%' }} paragraph={{ rows: 1, width: '80%' }} />
        </div>
      ))}
    </div>
  );
}
