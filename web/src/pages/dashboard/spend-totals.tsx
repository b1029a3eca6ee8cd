import { Card } from 'antd';
import { useTranslation } from 'react-i18next';
import type { components } from '@/api/schema';
import { Count, Money } from '@/components';
import { changeOf, ChangeTag } from '@/components/report';
import { formatCount, formatMoney } from '@/format';
import { lastDay } from './spend-report';

/** What all rows add up to, and which two times are compared. */
export function SpendTotals({ report, tz }: { report: components['schemas']['BreakdownView']; tz: string }) {
  const { t } = useTranslation('dashboard');
  const { total, previousTotal: before } = report;
  return (
    <Card size="small">
      <div className="spend-totals">
        <Total label={t('measure.cost')} value={<Money usd={total.totalCost} unpriced={total.unpricedCount} />}>
          {before ? <ChangeTag change={changeOf(total.totalCost, before.totalCost)} good="down" before={formatMoney(before.totalCost)} /> : null}
        </Total>
        <Total label={t('measure.requests')} value={<Count value={total.totalRequests} />}>
          {before ? <ChangeTag change={changeOf(total.totalRequests, before.totalRequests)} before={formatCount(before.totalRequests)} /> : null}
        </Total>
        <Total label={t('measure.tokens')} value={<Count value={total.totalTokens} />}>
          {before ? <ChangeTag change={changeOf(total.totalTokens, before.totalTokens)} before={formatCount(before.totalTokens)} /> : null}
        </Total>
        <div className="spend-ranges">
          <div>
            <strong>{lastDay(report.range, tz)}</strong>
          </div>
          <div className="quiet">{t('spend.against', { range: lastDay(report.previousRange, tz) })}</div>
        </div>
      </div>
    </Card>
  );
}

function Total({ label, value, children }: { label: string; value: React.ReactNode; children: React.ReactNode }) {
  return (
    <div>
      <div className="tile-label">{label}</div>
      <div className="tile-value">{value}</div>
      <div>{children}</div>
    </div>
  );
}
