import { useVirtualizer } from '@tanstack/react-virtual';
import { Grid, Skeleton } from 'antd';
import { useEffect, useRef, useState, type CSSProperties, type KeyboardEvent, type MouseEvent } from 'react';
import { useTranslation } from 'react-i18next';
import { Count, Duration, Money, StateTag, Time } from '@/components';
import { stateOf, type Call } from '@/components/calls';
import { columnOf, gridOf, type ColumnName } from './columns';

interface Props {
  columns: readonly ColumnName[];
  count: number;
  rowAt: (index: number) => Call | undefined;
  openId: string | undefined;
  onOpen: (call: Call) => void;
  /** Tells which rows are in sight, and whether the list is at its upper end. */
  onSight: (first: number, last: number, isAtTop: boolean) => void;
  isBusy: boolean;
}

const ROW = 34;
const TALL_ROW = 64;

/** The calls; only rows in sight are drawn, however many there are. */
export function CallList(props: Props) {
  const { columns, count, rowAt, openId, onOpen, onSight, isBusy } = props;
  const { t } = useTranslation('logs');
  const isWide = Grid.useBreakpoint().md !== false;
  const box = useRef<HTMLDivElement>(null);
  const [focused, setFocused] = useState(0);
  // eslint-disable-next-line react-hooks/incompatible-library -- the list is not memoized by the compiler, and need not be
  const virtual = useVirtualizer({
    count,
    getScrollElement: () => box.current,
    estimateSize: () => (isWide ? ROW : TALL_ROW),
    overscan: 12,
  });
  useEffect(() => virtual.measure(), [isWide, virtual]);
  const items = virtual.getVirtualItems();
  const [first, last] = [items[0]?.index ?? 0, items.at(-1)?.index ?? 0];
  const isAtTop = (virtual.scrollOffset ?? 0) < ROW;
  useEffect(() => onSight(first, last, isAtTop), [first, last, isAtTop, onSight]);

  const move = (event: KeyboardEvent, index: number) => {
    const step = steps[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.max(0, Math.min(count - 1, index + step));
    setFocused(next);
    virtual.scrollToIndex(next);
    requestAnimationFrame(() => box.current?.querySelector<HTMLElement>(`[data-index="${next}"]`)?.focus());
  };
  const { template, leastWidth } = gridOf(columns);
  const style = { '--columns': template, '--least': `${leastWidth}px` } as CSSProperties;
  return (
    <div
      ref={box}
      className={isWide ? 'calls' : 'calls calls-tall'}
      style={style}
      role="table"
      aria-label={t('title')}
      aria-rowcount={count + 1}
      aria-busy={isBusy}
      data-testid="calls"
    >
      {isWide ? <Head columns={columns} /> : null}
      <div role="rowgroup" className="calls-body" style={{ height: virtual.getTotalSize() }}>
        {items.map((item) => {
          const call = rowAt(item.index);
          return (
            <div
              key={item.key}
              role="row"
              aria-rowindex={item.index + 2}
              data-index={item.index}
              data-request={call?.requestId}
              className={`call-row${call && call.requestId === openId ? ' is-open' : ''}${call?.status === 'error' ? ' is-bad' : ''}`}
              style={{ transform: `translateY(${item.start}px)`, height: item.size }}
              tabIndex={item.index === Math.min(focused, count - 1) || (item === items[0] && (focused < first || focused > last)) ? 0 : -1}
              onFocus={() => setFocused(item.index)}
              onClick={(event) => call && !isOfItsOwn(event) && onOpen(call)}
              onKeyDown={(event) => {
                if (event.key === 'Enter' && call) onOpen(call);
                else move(event, item.index);
              }}
            >
              {call ? isWide ? <Cells call={call} columns={columns} /> : <Tall call={call} /> : <Blank />}
            </div>
          );
        })}
      </div>
    </div>
  );
}

const steps: Record<string, number | undefined> = { ArrowDown: 1, ArrowUp: -1, PageDown: 15, PageUp: -15, Home: -Infinity, End: Infinity };

/** Whether a click meant a link within the row, or ended the marking of a text. */
function isOfItsOwn(event: MouseEvent): boolean {
  if (event.target instanceof Element && event.target.closest('a,button')) return true;
  return window.getSelection()?.type === 'Range';
}

function Head({ columns }: { columns: readonly ColumnName[] }) {
  const { t } = useTranslation('logs');
  return (
    <div role="rowgroup" className="calls-head">
      <div role="row" className="call-row" aria-rowindex={1}>
        {columns.map((name) => (
          <div key={name} role="columnheader" className={columnOf(name).isNumber ? 'cell numeric' : 'cell'} title={t(`column.${name}`)}>
            {t(`column.${name}`)}
          </div>
        ))}
      </div>
    </div>
  );
}

function Cells({ call, columns }: { call: Call; columns: readonly ColumnName[] }) {
  const { t } = useTranslation('logs');
  return columns.map((name) => (
    <div key={name} role="cell" className={columnOf(name).isNumber ? 'cell numeric' : 'cell'}>
      {columnOf(name).render(call, t)}
    </div>
  ));
}

/** A call on a phone: two lines. */
function Tall({ call }: { call: Call }) {
  return (
    <div role="cell" className="tall">
      <div className="row spread nowrap-row">
        <strong className="cell">{call.model ?? call.requestedModel ?? '–'}</strong>
        <StateTag state={stateOf(call)} />
      </div>
      <div className="row spread nowrap-row quiet">
        <Time at={call.createdAt} />
        <span className="row">
          <Count value={call.totalTokens} />
          <Money usd={call.costUsd} />
          <Duration ms={call.latencyMs} />
        </span>
      </div>
    </div>
  );
}

function Blank() {
  return (
    <div role="cell" className="blank">
      <Skeleton.Node active={false} className="blank-bar" />
    </div>
  );
}
