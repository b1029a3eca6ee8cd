import { Button } from 'antd';
import { useState, type Key } from 'react';
import { useTranslation } from 'react-i18next';
import { by as sortBy, column, DataTable, EmptyState, moneyColumn, Money, numberColumn, Percent, textColumn, type Column } from '@/components';
import { changeOf, ChangeTag, filterBy, useDrill, type Dimension } from '@/components/report';
import { formatMoney } from '@/format';
import type { SpendRow } from './spend';
import { SPEND_RANGE } from './search';

interface Props {
  tree: SpendRow[];
  by: Dimension;
  then: Dimension | undefined;
  /** What all cost. */
  total: number;
  /** The time before, in words. */
  previous: string;
}

/** How many members are open at first, to show that they can be. */
const OPEN = 3;

/** Each member with what it is cut into; a row opens the calls behind it. */
export function SpendTable({ tree, by, then, total, previous }: Props) {
  const { t } = useTranslation('dashboard');
  const { t: words } = useTranslation('components');
  const { open } = useDrill(SPEND_RANGE);
  const [chosen, setChosen] = useState<Key[] | null>(null);
  const openKeys = chosen ?? tree.slice(0, OPEN).map(({ key }) => key);
  const isAllOpen = openKeys.length >= tree.length;
  const title = then ? `${words(`dimension.${by}`)} / ${words(`dimension.${then}`)}` : words(`dimension.${by}`);
  const change = (row: SpendRow) => changeOf(row.now.cost, row.before.cost);
  const columns: Column<SpendRow>[] = [
    textColumn<SpendRow>('name', title, ({ names, children }) => <span className={children ? 'spend-root break' : 'break'}>{names.at(-1)}</span>, {
      sorter: sortBy((row) => row.names.at(-1)),
    }),
    numberColumn<SpendRow>('requests', t('measure.requests'), (row) => row.now.requests, { sorter: sortBy((row) => row.now.requests) }),
    numberColumn<SpendRow>('tokens', t('measure.tokens'), (row) => row.now.tokens, { sorter: sortBy((row) => row.now.tokens) }),
    column<SpendRow>('cost', t('measure.cost'), (row) => <Money usd={row.now.cost} unpriced={row.now.unpriced} />, {
      align: 'right',
      className: 'numeric',
      sorter: sortBy((row) => row.now.cost),
    }),
    column<SpendRow>('share', t('spend.share'), (row) => <Percent value={total > 0 ? row.now.cost / total : null} />, { align: 'right', className: 'numeric' }),
    moneyColumn<SpendRow>('before', t('spend.before'), (row) => row.before.cost, { sorter: sortBy((row) => row.before.cost) }),
    column<SpendRow>('difference', t('spend.difference'), (row) => signed(row.now.cost - row.before.cost), {
      align: 'right',
      className: 'numeric',
      sorter: sortBy((row) => row.now.cost - row.before.cost),
    }),
    column<SpendRow>('change', t('column.change'), (row) => <ChangeTag change={change(row)} good="down" before={`${formatMoney(row.before.cost)} (${previous})`} />, {
      align: 'right',
      sorter: sortBy((row) => change(row).share),
    }),
  ];
  return (
    <DataTable<SpendRow>
      label={t('spend.title')}
      openRows={{ keys: openKeys, onChange: setChosen }}
      footer={
        then ? (
          <Button type="link" size="small" onClick={() => setChosen(isAllOpen ? [] : tree.map(({ key }) => key))}>
            {t(isAllOpen ? 'spend.collapse' : 'spend.expand')}
          </Button>
        ) : null
      }
      rows={tree}
      columns={columns}
      rowKey={(row) => row.key}
      empty={<EmptyState title={t('empty.title')} text={t('empty.range')} />}
      onRowClick={({ ids }) => open({ ...filterBy(by, ids[0]), ...(then ? filterBy(then, ids[1]) : {}) })}
    />
  );
}

function signed(difference: number): string {
  return difference > 0 ? `+${formatMoney(difference)}` : formatMoney(difference);
}
