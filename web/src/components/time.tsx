import { Tooltip } from 'antd';
import { useNow } from '@/app/now';
import { useZone } from '@/app/use-range';
import { formatDateTime, formatLeft, formatMoment, formatRelative } from '@/format';

interface Props {
  at: string | number | Date | null | undefined;
  /** Shows the absolute time, and the relative one on hover. */
  absolute?: boolean;
  /** What stands there without a time. */
  none?: string;
}

/** A moment: relative, with the absolute on hover, in the chosen zone. */
export function Time({ at, absolute = false, none = '–' }: Props) {
  const zone = useZone();
  const now = useNow(10_000);
  if (at == null) return <>{none}</>;
  const relative = formatRelative(at, now + 9999 > new Date(at).getTime() ? Math.max(now, new Date(at).getTime()) : now);
  return (
    <Tooltip title={absolute ? relative : formatMoment(at, zone)}>
      <time dateTime={new Date(at).toISOString()} className="nowrap">
        {absolute ? formatDateTime(at, zone) : relative}
      </time>
    </Tooltip>
  );
}

/** What is left until a moment: 1:05. */
export function Countdown({ until }: { until: string | number | Date }) {
  const now = useNow();
  return <span className="nowrap">{formatLeft(new Date(until).getTime(), now)}</span>;
}
