import type { TableColumnType } from 'antd';
import type { ReactNode } from 'react';
import { Count, Duration, Money } from './figures';
import { StateTag, type State } from './state-tag';
import { Time } from './time';

export type Column<Row> = TableColumnType<Row>;

type Options<Row> = Omit<Column<Row>, 'title' | 'key' | 'render'>;

/** Sorts rows in the browser by that value; what has none goes last. */
export function by<Row>(value: (row: Row) => string | number | null | undefined) {
  return (one: Row, other: Row): number => {
    const [a, b] = [value(one), value(other)];
    if (a == null || b == null) return Number(a == null) - Number(b == null);
    return typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b));
  };
}

/** Anything. */
export function column<Row>(key: string, title: ReactNode, render: (row: Row) => ReactNode, options: Options<Row> = {}): Column<Row> {
  return { key, title, render: (_value: unknown, row: Row) => render(row), ...options };
}

/** A word or a name. */
export function textColumn<Row>(key: string, title: ReactNode, value: (row: Row) => ReactNode, options: Options<Row> = {}): Column<Row> {
  return column(key, title, (row) => value(row) ?? '–', options);
}

/** A figure, right-aligned. */
export function numberColumn<Row>(key: string, title: ReactNode, value: (row: Row) => number | null | undefined, options: Options<Row> = {}): Column<Row> {
  return column(key, title, (row) => <Count value={value(row)} />, { align: 'right', className: 'numeric', ...options });
}

/** An amount, right-aligned. */
export function moneyColumn<Row>(key: string, title: ReactNode, value: (row: Row) => number | string | null | undefined, options: Options<Row> = {}): Column<Row> {
  return column(key, title, (row) => <Money usd={value(row)} />, { align: 'right', className: 'numeric', ...options });
}

/** How long something took, right-aligned. */
export function durationColumn<Row>(key: string, title: ReactNode, value: (row: Row) => number | null | undefined, options: Options<Row> = {}): Column<Row> {
  return column(key, title, (row) => <Duration ms={value(row)} />, { align: 'right', className: 'numeric', ...options });
}

/** A moment. */
export function timeColumn<Row>(key: string, title: ReactNode, value: (row: Row) => string | null | undefined, options: Options<Row> & { absolute?: boolean; none?: string } = {}): Column<Row> {
  const { absolute = false, none = '–', ...rest } = options;
  return column(key, title, (row) => <Time at={value(row)} absolute={absolute} none={none} />, rest);
}

/** A state. */
export function stateColumn<Row>(
  key: string,
  title: ReactNode,
  value: (row: Row) => { state: State; text?: string; reason?: string | null | undefined; until?: string | null | undefined },
  options: Options<Row> = {},
): Column<Row> {
  return column(key, title, (row) => <StateTag {...value(row)} />, options);
}
