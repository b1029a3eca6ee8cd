import { FilterOutlined } from '@ant-design/icons';
import type { UseQueryResult } from '@tanstack/react-query';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/errors';
import { usePageSearch } from '@/app/use-page-search';
import { by as sortBy, column, DataTable, durationColumn, EmptyState, moneyColumn, numberColumn, Percent, textColumn, type Column } from '@/components';
import { changeOf, ChangeTag, filterBy, filterOf, useDrill, type Dimension } from '@/components/report';
import { formatCount, formatMoney } from '@/format';
import type { BreakdownRow } from './data';
import { nameOf, worth } from './members';
import { validateSearch, type Measure } from './search';

interface Props {
  query: UseQueryResult<unknown, ApiError>;
  rows: BreakdownRow[] | undefined;
  by: Dimension;
  measure: Measure;
}

/** Who has how much; a click opens the calls, the funnel narrows the page. */
export function MembersTable({ query, rows, by, measure }: Props) {
  const { t } = useTranslation('dashboard');
  const { t: words } = useTranslation('components');
  const [search, set] = usePageSearch(validateSearch);
  const { open } = useDrill();
  const isCompared = rows?.some(({ previous }) => previous) ?? false;
  const name = ({ members: [member] }: BreakdownRow) => nameOf(member, t(`without.${by}`));
  const before = (row: BreakdownRow) => (row.previous ? worth({ ...row, ...row.previous }, measure) : 0);
  const narrow = (row: BreakdownRow) => {
    const key = row.members[0]?.key;
    if (key == null) return null;
    return (
      <Button
        type="text"
        size="small"
        icon={<FilterOutlined aria-hidden />}
        aria-label={t('members.narrow', { name: name(row) })}
        title={t('members.narrow', { name: name(row) })}
        onClick={() => set(filterBy(by, key))}
      />
    );
  };
  const columns: Column<BreakdownRow>[] = [
    textColumn<BreakdownRow>('name', words(`dimension.${by}`), (row) => <span className="break">{name(row)}</span>, { sorter: sortBy(name) }),
    numberColumn<BreakdownRow>('requests', t('measure.requests'), (row) => row.totalRequests, { sorter: sortBy((row) => row.totalRequests) }),
    column<BreakdownRow>('errors', t('column.errorRate'), (row) => <Percent value={row.totalRequests > 0 ? row.errorCount / row.totalRequests : null} />, {
      align: 'right',
      className: 'numeric',
      sorter: sortBy((row) => (row.totalRequests > 0 ? row.errorCount / row.totalRequests : null)),
    }),
    numberColumn<BreakdownRow>('tokens', t('measure.tokens'), (row) => row.totalTokens, { sorter: sortBy((row) => row.totalTokens) }),
    moneyColumn<BreakdownRow>('cost', t('measure.cost'), (row) => row.totalCost, { sorter: sortBy((row) => row.totalCost) }),
    ...(isCompared
      ? [
          column<BreakdownRow>(
            'change',
            t('column.change'),
            (row) => (
              <ChangeTag
                change={changeOf(worth(row, measure), before(row))}
                before={measure === 'cost' ? formatMoney(before(row)) : formatCount(before(row))}
                {...(measure === 'errors' || measure === 'cost' ? { good: 'down' as const } : {})}
              />
            ),
            { align: 'right', sorter: sortBy((row) => changeOf(worth(row, measure), before(row)).share) },
          ),
        ]
      : []),
    durationColumn<BreakdownRow>('latency', t('column.latency'), (row) => (row.successCount > 0 ? row.avgLatencyMs : null), {
      sorter: sortBy((row) => row.avgLatencyMs),
    }),
    column<BreakdownRow>('narrow', <span className="visually-hidden">{words('filters')}</span>, narrow, { width: 36 }),
  ];
  return (
    <DataTable<BreakdownRow>
      label={t('members.tableLabel', { by: words(`dimension.${by}`) })}
      rows={rows}
      columns={columns}
      rowKey={(row) => row.members[0]?.key ?? '–'}
      loading={query.isFetching && rows === undefined}
      error={query.error}
      onRetry={() => void query.refetch()}
      pagination={false}
      empty={<EmptyState title={t('empty.title')} text={t('empty.range')} />}
      onRowClick={(row) => open({ ...filterOf(search), ...filterBy(by, row.members[0]?.key) })}
    />
  );
}
