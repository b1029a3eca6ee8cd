import type { Filter, Interval } from '@/components/report';
import type { Board } from './data';
import { MembersPanel } from './members-panel';
import { ErrorRankings, TopSpenders } from './rankings';
import { Trends } from './trends';

interface Props {
  board: Board;
  interval: Interval;
  tz: string;
  filter: Filter;
}

/** What is behind the figures: how they came about, by whom, and what failed. */
export default function Details({ board, interval, tz, filter }: Props) {
  return (
    <>
      <Trends board={board} interval={interval} tz={tz} filter={filter} />
      <MembersPanel filter={filter} />
      <div className="report-grid rankings">
        <ErrorRankings board={board} filter={filter} />
        <TopSpenders by="app" filter={filter} />
        <TopSpenders by="user" filter={filter} />
      </div>
    </>
  );
}
