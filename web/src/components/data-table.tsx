import { Skeleton, Table, type TablePaginationConfig } from 'antd';
import type { Key, KeyboardEvent, ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/errors';
import { formatExact } from '@/format';
import type { Column } from './columns';
import './data-table.css';
import { EmptyState } from './empty-state';
import { Failure, Waiting } from './query-state';

export * from './columns';

interface Props<Row extends object> {
  rows: readonly Row[] | undefined;
  columns: Column<Row>[];
  rowKey: (row: Row) => Key;
  /** Names the table for those who do not see it. */
  label: string;
  loading?: boolean;
  error?: ApiError | null;
  onRetry?: () => void;
  /** What stands there without rows. */
  empty?: ReactNode;
  onRowClick?: (row: Row) => void;
  /** Marks the row whose drawer is open. */
  openKey?: Key | undefined;
  selection?: { keys: Key[]; onChange: (keys: Key[]) => void };
  /** Shown above the rows while some are selected. */
  bulkActions?: ReactNode;
  pagination?: { page: number; pageSize: number; total: number; onChange: (page: number, pageSize: number) => void } | false;
  /** Draws only the rows in sight: the height of the table in pixels. */
  virtual?: number;
  size?: 'small' | 'middle';
  onSort?: (key: string | undefined, descending: boolean) => void;
  footer?: ReactNode;
  expandedRow?: (row: Row) => ReactNode;
  /** Which rows of a tree (rows with `children`) are open. */
  openRows?: { keys: readonly Key[]; onChange: (keys: Key[]) => void };
}

/** The table of every list: skeleton, failure, empty words, rows that open by click and by Enter. */
export function DataTable<Row extends object>(props: Props<Row>) {
  const { rows, error, onRetry, loading = false, empty } = props;
  const { t } = useTranslation('components');
  if (rows === undefined) {
    if (error) return <Failure error={error} onRetry={onRetry} isBusy={loading} />;
    return (
      <Waiting>
        <TableSkeleton columns={props.columns.length} />
      </Waiting>
    );
  }
  return (
    <div className="data-table">
      {error ? <Failure error={error} onRetry={onRetry} isBusy={loading} /> : null}
      {props.selection && props.selection.keys.length > 0 ? (
        <div className="bulk row" role="toolbar" aria-label={t('table.selected', { count: props.selection.keys.length })}>
          <span>{t('table.selected', { count: props.selection.keys.length })}</span>
          {props.bulkActions}
        </div>
      ) : null}
      {rows.length === 0 && !loading && empty ? empty : <Rows {...props} rows={rows} />}
    </div>
  );
}

function Rows<Row extends object>(props: Props<Row> & { rows: readonly Row[] }) {
  const { rows, columns, rowKey, label, loading = false, onRowClick, openKey, selection, virtual, size = 'small' } = props;
  const { t } = useTranslation('components');
  return (
    <Table<Row>
      ref={onRowClick ? null : reachable}
      aria-label={label}
      dataSource={rows}
      columns={columns}
      rowKey={rowKey}
      size={size}
      loading={{ spinning: loading, delay: 150 }}
      pagination={usePages(props.pagination)}
      virtual={virtual !== undefined}
      scroll={virtual === undefined ? { x: 'max-content' } : { x: 900, y: virtual }}
      locale={{ emptyText: <EmptyState title={t('empty')} /> }}
      rowClassName={(row) => (onRowClick ? 'opens' : '') + (openKey !== undefined && rowKey(row) === openKey ? ' is-open' : '')}
      onRow={(row) => (onRowClick ? rowActions(() => onRowClick(row)) : {})}
      {...(selection
        ? { rowSelection: { selectedRowKeys: selection.keys, onChange: (keys: Key[]) => selection.onChange(keys) } }
        : {})}
      {...(props.expandedRow ? { expandable: { expandedRowRender: props.expandedRow } } : {})}
      {...(props.openRows
        ? { expandable: { expandedRowKeys: props.openRows.keys, onExpandedRowsChange: (keys: readonly Key[]) => props.openRows?.onChange([...keys]) } }
        : {})}
      onChange={(_pages, _filters, sorter) => {
        const sort = Array.isArray(sorter) ? sorter[0] : sorter;
        props.onSort?.(sort?.order ? String(sort.columnKey ?? '') : undefined, sort?.order === 'descend');
      }}
      {...(props.footer ? { footer: () => props.footer } : {})}
    />
  );
}

/** Lets keys come to a table that may be moved sideways and has no row to come to. */
function reachable(table: { nativeElement: HTMLElement } | null) {
  table?.nativeElement.querySelector('.ant-table-content')?.setAttribute('tabindex', '0');
}

/** A row that opens: by click outside of its buttons, by Enter when it has the focus; arrows go to its neighbours. */
function rowActions(open: () => void) {
  return {
    tabIndex: 0,
    onClick: (event: React.MouseEvent) => {
      // A menu of the row is drawn elsewhere, and its clicks come here too.
      if (event.target instanceof Node && !event.currentTarget.contains(event.target)) return;
      if (event.target instanceof Element && event.target.closest('a,button,input,label,.ant-table-selection-column')) return;
      // Whoever marks text to copy it does not want the drawer.
      if (window.getSelection()?.type === 'Range') return;
      open();
    },
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => {
      if (event.target !== event.currentTarget) return;
      if (event.key === 'Enter') open();
      const neighbour = event.key === 'ArrowDown' ? 'nextElementSibling' : event.key === 'ArrowUp' ? 'previousElementSibling' : null;
      if (!neighbour) return;
      event.preventDefault();
      const next = event.currentTarget[neighbour];
      if (next instanceof HTMLElement) next.focus();
    },
  };
}

function usePages(pages: Props<object>['pagination']): TablePaginationConfig | false {
  const { t } = useTranslation('components');
  if (pages === false) return false;
  const common: TablePaginationConfig = { showSizeChanger: true, hideOnSinglePage: !pages, size: 'small' };
  if (!pages) return { ...common, defaultPageSize: 50 };
  return {
    ...common,
    current: pages.page,
    pageSize: pages.pageSize,
    total: pages.total,
    onChange: pages.onChange,
    showTotal: (total) => t('table.total', { count: total, replace: { count: formatExact(total) } }),
  };
}

/** The final shape in grey. */
export function TableSkeleton({ columns, rows = 8 }: { columns: number; rows?: number }) {
  return (
    <div className="table-skeleton" aria-hidden="true">
      {Array.from({ length: rows }, (_, row) => (
        <div key={row} className="table-skeleton-row">
          {Array.from({ length: Math.min(columns, 8) }, (_column, column) => (
            <Skeleton.Node key={column} active={row < 3} className="table-skeleton-cell" />
          ))}
        </div>
      ))}
    </div>
  );
}
