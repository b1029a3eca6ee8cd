import { Segmented, Skeleton } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '@/app/now';
import { DataTable, Failure, moneyColumn, numberColumn, textColumn, useZone, Waiting } from '@/components';
import { Chart, colourOfState, palette } from '@/components/chart';
import { dayIn, formatCount, formatExact, formatMoney } from '@/format';
import { useTokenUsage } from './data';
import { daysUpTo, eachDay, type Token, type TokenUsage } from './token-state';

const spans = [7, 30, 90] as const;

/** What a token used, day by day and by model. */
export function UsagePart({ token }: { token: Token }) {
  const { t } = useTranslation('tokens');
  const zone = useZone();
  const [days, setDays] = useState<number>(30);
  const today = dayIn(useNow(60_000), zone);
  const byDay = useTokenUsage(token, 'day', today, days, zone);
  const byModel = useTokenUsage(token, 'model', today, days, zone);
  const href = (day?: string) => `/logs?appId=${token.id}&range=${day ? `${day}..${day}` : `${daysUpTo(today, days)[0] ?? today}..${today}`}`;
  return (
    <section className="token-part" aria-label={t('detail.usage')}>
      <div className="row spread">
        <h3>{t('detail.usage')}</h3>
        <span className="row">
          <Segmented size="small" value={days} onChange={setDays} options={spans.map((value) => ({ value, label: t('detail.period', { days: value }) }))} aria-label={t('detail.usage')} />
          <a href={href()}>{t('detail.calls')}</a>
        </span>
      </div>
      {byDay.data ? (
        <Days rows={byDay.data} days={daysUpTo(today, days)} onDay={(day) => window.location.assign(href(day))} />
      ) : byDay.error ? (
        <Failure error={byDay.error} onRetry={() => void byDay.refetch()} />
      ) : (
        <Waiting>
          <Skeleton.Node active className="token-chart-skeleton" />
        </Waiting>
      )}
      {byModel.data && byModel.data.length > 0 ? <ByModel rows={byModel.data} /> : null}
    </section>
  );
}

function Days({ rows, days, onDay }: { rows: TokenUsage[]; days: string[]; onDay: (day: string) => void }) {
  const { t } = useTranslation('tokens');
  const points = eachDay(rows, days);
  const sum = (value: (point: (typeof points)[number]) => number) => points.reduce((all, point) => all + value(point), 0);
  const unpriced = rows.reduce((all, row) => all + row.unpricedCount, 0);
  const open = ({ index }: { index: number }) => onDay(days[index] ?? '');
  const figures = [
    [t('detail.requests'), formatExact(sum(({ calls }) => calls))],
    [t('detail.errors'), formatExact(sum(({ errors }) => errors))],
    [t('detail.tokens'), formatCount(sum(({ tokens }) => tokens))],
    [t('detail.cost'), unpriced > 0 && sum(({ cost }) => cost) === 0 ? '–' : formatMoney(sum(({ cost }) => cost))],
  ] as const;
  if (sum(({ calls }) => calls) === 0) return <p className="quiet">{t('detail.noUsage', { days: days.length })}</p>;
  const labels = days.map((day) => day.slice(5));
  return (
    <>
      <dl className="token-figures">
        {figures.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <div className="token-charts">
        <Chart
          title={t('detail.requests')}
          kind="bar"
          labels={labels}
          exactLabels={days}
          labelTitle={t('detail.date')}
          format={formatCount}
          height={150}
          onPoint={open}
          series={[
            { name: t('detail.requests'), values: points.map(({ calls, errors }) => calls - errors), colour: colourOfState('success'), stack: 'calls' },
            { name: t('detail.errors'), values: points.map(({ errors }) => errors), colour: colourOfState('error'), stack: 'calls' },
          ]}
        />
        <Chart
          title={t('detail.cost')}
          kind="bar"
          labels={labels}
          exactLabels={days}
          labelTitle={t('detail.date')}
          format={formatMoney}
          height={150}
          onPoint={open}
          series={[{ name: t('detail.cost'), values: points.map(({ cost }) => cost), colour: palette.blue }]}
        />
      </div>
    </>
  );
}

function ByModel({ rows }: { rows: TokenUsage[] }) {
  const { t } = useTranslation('tokens');
  const most = [...rows].sort((a, b) => b.totalRequests - a.totalRequests).slice(0, 10);
  return (
    <DataTable<TokenUsage>
      label={t('detail.by')}
      rows={most}
      rowKey={(row) => row.key ?? 'none'}
      pagination={false}
      columns={[
        textColumn('model', t('detail.by'), (row) => <span className="mono">{row.name}</span>),
        numberColumn('calls', t('detail.requests'), (row) => row.totalRequests),
        numberColumn('errors', t('detail.errors'), (row) => row.errorCount),
        numberColumn('tokens', t('detail.tokens'), (row) => row.totalTokens),
        moneyColumn('cost', t('detail.cost'), (row) => (row.totalCost === 0 && row.unpricedCount > 0 ? null : row.totalCost)),
      ]}
    />
  );
}
