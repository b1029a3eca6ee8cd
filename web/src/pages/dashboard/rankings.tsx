import { Link } from '@tanstack/react-router';
import { Skeleton } from 'antd';
import { useTranslation } from 'react-i18next';
import { useRange } from '@/app/use-range';
import { EmptyState, Money, QueryState } from '@/components';
import { colourOfState, palette } from '@/components/chart';
import { BarList, changeOf, ChangeTag, filterBy, Panel, staleness, useDrill, type BarItem, type Dimension, type Drill } from '@/components/report';
import { formatCount, formatMoney, formatPercent } from '@/format';
import { useBreakdown, type Board } from './data';
import { nameOf } from './members';
import { knownCode } from '@/components/report/codes';

const FIRST = 6;

/** What failed, by code and by key; each line opens the calls. */
export function ErrorRankings({ board, filter }: { board: Board; filter: Drill }) {
  const { t } = useTranslation('dashboard');
  const { t: errors } = useTranslation('errors');
  const { search } = useDrill();
  const { range, tz } = useRange();
  const { errorsByCode, errorsByKey } = board.errors;
  const explained = (code: string | null | undefined) => {
    const known = knownCode(code);
    return known ? errors(`code.${known}.what`) : null;
  };
  const codes = errorsByCode.slice(0, FIRST).map(({ code, count }): BarItem => ({
    key: code ?? '–',
    name: code ?? errors('noCode'),
    note: explained(code),
    size: count,
    value: formatCount(count),
    colour: colourOfState('error'),
    to: { to: '/logs', search: search({ ...filter, status: 'error', errorCode: code ?? undefined }) },
  }));
  const keys = errorsByKey.slice(0, FIRST).map((key): BarItem => ({
    key: String(key.keyId),
    name: `${key.providerCode ?? '–'} / ${key.keyName ?? `#${key.keyId}`}`,
    note: t('errors.share', { share: formatPercent(key.sent > 0 ? key.count / key.sent : null), code: key.codes[0]?.code ?? '–' }),
    size: key.count,
    value: formatCount(key.count),
    colour: colourOfState('error'),
    to: { to: '/logs', search: search({ ...filter, failedKeyId: key.keyId }) },
  }));
  const all = (
    <Link to="/errors" search={{ ...filter, range, tz } as never}>
      {t('errors.all')}
    </Link>
  );
  return (
    <>
      <Panel title={t('errors.byCode')} extra={all}>
        {codes.length > 0 ? <BarList label={t('errors.byCode')} items={codes} /> : <EmptyState title={t('errors.none')} />}
      </Panel>
      <Panel title={t('errors.byKey')} extra={all}>
        {keys.length > 0 ? <BarList label={t('errors.byKey')} items={keys} /> : <EmptyState title={t('errors.noneByKey')} />}
      </Panel>
    </>
  );
}

/** Who spends most: apps, and users. */
export function TopSpenders({ by, filter }: { by: Extract<Dimension, 'app' | 'user'>; filter: Drill }) {
  const { t } = useTranslation('dashboard');
  const { search } = useDrill();
  const { range, tz } = useRange();
  const query = useBreakdown(by);
  const title = t(by === 'app' ? 'spenders.app' : 'spenders.user');
  const total = query.data?.total.totalCost ?? 0;
  const rows = (query.data?.rows ?? []).filter(({ totalCost }) => totalCost > 0).slice(0, FIRST);
  const items = rows.map((row): BarItem => {
    const member = row.members[0];
    return {
      key: member?.key ?? '–',
      name: nameOf(member, t(`without.${by}`)),
      size: row.totalCost,
      value: <Money usd={row.totalCost} />,
      note: (
        <>
          {t('spenders.share', { share: formatPercent(total > 0 ? row.totalCost / total : null) })}
          {row.previous ? (
            <>
              {' · '}
              <ChangeTag change={changeOf(row.totalCost, row.previous.totalCost)} good="down" before={formatMoney(row.previous.totalCost)} />
            </>
          ) : null}
        </>
      ),
      colour: palette.orange,
      to: { to: '/logs', search: search({ ...filter, ...filterBy(by, member?.key) }) },
    };
  });
  return (
    <Panel
      title={title}
      extra={
        <Link to="/dashboard" search={{ view: 'spend', range, tz, by, ...filter } as never}>
          {t('spenders.report')}
        </Link>
      }
    >
      <QueryState query={query} skeleton={<Skeleton active />}>
        {() => (
          <div {...staleness(query)}>
            {items.length > 0 ? <BarList label={title} items={items} /> : <EmptyState title={t('spenders.none')} />}
          </div>
        )}
      </QueryState>
    </Panel>
  );
}
