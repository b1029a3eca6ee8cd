import { Tag } from 'antd';
import type { TFunction } from 'i18next';
import type { ReactNode } from 'react';
import { preferences } from '@/app/preferences';
import { useNow } from '@/app/now';
import { Count, Duration, Money, StateTag, useZone } from '@/components';
import { formatMoment, formatRelative, formatShort } from '@/format';
import { stateOf, type Call } from '@/components/calls';

/** A column of the list of calls. */
interface ColumnOfCalls {
  /** Pixels at least. */
  width: number;
  /** Its part of what is left. */
  grows?: number;
  isNumber?: boolean;
  render: (call: Call, t: TFunction<'logs'>) => ReactNode;
}

const quiet = (text: string | null | undefined) => (text ? <span title={text}>{text}</span> : <span className="quiet">–</span>);

/** What the caller named where it is another thing than the model: a route's alias, or another spelling. */
export function namedOtherwise(call: Pick<Call, 'model' | 'requestedModel' | 'providerCode'>): string | null {
  const { requestedModel, model, providerCode } = call;
  if (!requestedModel || requestedModel === model || requestedModel === `${providerCode}/${model}`) return null;
  return requestedModel;
}

/** When a call arrived: with its date, and how long ago on hover. A tip for each row would make scrolling slow. */
function CallTime({ at }: { at: string }) {
  const zone = useZone();
  const now = useNow(60_000);
  return (
    <time dateTime={at} title={`${formatMoment(at, zone)} · ${formatRelative(at, Math.max(now, Date.parse(at)))}`}>
      {formatShort(at, zone)}
    </time>
  );
}

export const columns = {
  time: { width: 118, render: (call) => <CallTime at={call.createdAt} /> },
  status: {
    width: 106,
    render: (call) => <StateTag state={stateOf(call)} reason={call.errorMessage} />,
  },
  model: {
    width: 180, grows: 3,
    render: (call) => {
      const alias = namedOtherwise(call);
      const name = call.model ?? call.requestedModel;
      return (
        <span title={[call.providerCode, name].filter(Boolean).join(' / ')}>
          {alias && call.model ? <span className="quiet">{alias} → </span> : call.providerCode ? <span className="quiet">{call.providerCode} / </span> : null}
          {name ?? '–'}
        </span>
      );
    },
  },
  provider: { width: 90, grows: 1, render: (call) => quiet(call.providerCode) },
  key: { width: 88, grows: 1, render: (call) => quiet(call.keyName) },
  app: { width: 100, grows: 1, render: (call) => quiet(call.appName) },
  user: { width: 96, grows: 1, render: (call) => quiet(call.userName) },
  endUser: { width: 96, grows: 1, render: (call) => quiet(call.endUser) },
  tokens: { width: 70, isNumber: true, render: (call) => <Count value={call.totalTokens} /> },
  cost: { width: 84, isNumber: true, render: (call) => <Money usd={call.costUsd} /> },
  latency: { width: 74, isNumber: true, render: (call) => <Duration ms={call.latencyMs} /> },
  firstToken: { width: 88, isNumber: true, render: (call) => <Duration ms={call.firstTokenMs} /> },
  attempts: {
    width: 74,
    isNumber: true,
    render: (call) => (call.attempts > 1 ? <Tag color="gold">{call.attempts}</Tag> : <Count value={call.attempts} />),
  },
  error: { width: 130, grows: 1, render: (call) => quiet(call.errorCode) },
  endpoint: { width: 170, grows: 1, render: (call) => quiet(call.endpoint) },
  stream: { width: 84, render: (call, t) => t(call.isStream ? 'stream.yes' : 'stream.no') },
  finish: { width: 104, render: (call) => quiet(call.finishReason) },
  ip: { width: 130, render: (call) => quiet(call.ipAddress) },
  requestId: { width: 300, render: (call) => <span className="mono">{call.requestId}</span> },
} satisfies Record<string, ColumnOfCalls>;

export type ColumnName = keyof typeof columns;

export const allColumns = Object.keys(columns) as ColumnName[];
export const usualColumns: readonly ColumnName[] = ['time', 'status', 'model', 'key', 'app', 'tokens', 'cost', 'latency', 'attempts'];

/** Pixels between two columns, and at both ends. */
const [GAP, EDGE] = [12, 12];

/** The grid of these columns, and how narrow it may get. */
export function gridOf(names: readonly ColumnName[]): { template: string; leastWidth: number } {
  const chosen = names.map(columnOf);
  const template = chosen.map(({ width, grows }) => (grows ? `minmax(${width}px, ${grows}fr)` : `${width}px`)).join(' ');
  const leastWidth = chosen.reduce((sum, { width }) => sum + width + GAP, 2 * EDGE - GAP);
  return { template, leastWidth };
}

export function columnOf(name: ColumnName): ColumnOfCalls {
  return columns[name];
}

/** The columns in a text such as "time,status", in their usual order; the usual ones where it names none. */
export function columnsIn(text: string | null): ColumnName[] {
  const named = new Set(text?.split(','));
  const known = allColumns.filter((name) => named.has(name));
  return known.length > 0 ? known : [...usualColumns];
}

export const chosenColumns = {
  read: () => columnsIn(preferences.read('logColumns')),
  write: (names: readonly ColumnName[]) => preferences.write('logColumns', names.join(',')),
};
