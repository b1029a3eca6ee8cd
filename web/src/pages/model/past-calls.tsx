import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Skeleton } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ApiError } from '@/api/errors';
import { Failure } from '@/components';
import { formatCount, formatExact, formatMoney } from '@/format';
import { lookAtReprice, type NewPrice, type Repriced } from './data';

interface Props {
  modelId: number;
  /** Calls since then. */
  from: string;
  /** A price that is not set yet. */
  price?: NewPrice;
  hint?: string;
}

const PAUSE_MS = 500;

/** What pricing past calls again would change: looked at when the typing pauses. */
export function PastCalls({ modelId, from, price, hint }: Props) {
  const { t } = useTranslation('models');
  const asked = usePaused(JSON.stringify({ from, ...(price ? { price } : {}) }));
  const query = useQuery<Repriced, ApiError>({
    queryKey: ['reprice', modelId, asked],
    queryFn: ({ signal }) => lookAtReprice(modelId, JSON.parse(asked) as { from: string; price?: NewPrice }, signal),
    placeholderData: keepPreviousData,
    networkMode: 'always',
    retry: false,
  });
  // What is wrong with the price is told beside its fields when it is set.
  if (query.error) return query.error.kind === 'validation_failed' ? null : <Failure error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) {
    return (
      <div role="status" className="stack">
        <span className="quiet">{t('reprice.looking')}</span>
        <Skeleton active title={false} paragraph={{ rows: 2 }} />
      </div>
    );
  }
  return <Told report={query.data} hint={hint} />;
}

function Told({ report, hint }: { report: Repriced; hint: string | undefined }) {
  const { t } = useTranslation('models');
  const all = formatExact(report.attempts);
  const before = report.attempts - report.pricedBefore;
  const after = report.attempts - report.pricedAfter;
  const lines = [
    report.changed > 0 ? t('reprice.cost', { before: formatMoney(report.costBefore), after: formatMoney(report.costAfter) }) : null,
    before > 0 || after > 0 ? t('reprice.unpriced', { before: formatCount(before), after: formatCount(after) }) : null,
    report.nextFrom ? t('reprice.atLeast', { all }) : null,
    report.pastRetention > 0 ? t('reprice.past', { count: report.pastRetention, amount: formatCount(report.pastRetention) }) : null,
    report.changed > 0 ? hint : null,
  ].filter((line) => line != null);
  return (
    <Alert
      type="info"
      showIcon
      role="status"
      title={report.changed > 0 ? t('reprice.touches', { count: report.changed, amount: formatExact(report.changed), all }) : t('reprice.none')}
      description={lines.length > 0 ? lines.map((line) => <div key={line}>{line}</div>) : null}
    />
  );
}

/** `value`, once it has not changed for a moment. */
function usePaused(value: string): string {
  const [paused, setPaused] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setPaused(value), PAUSE_MS);
    return () => clearTimeout(timer);
  }, [value]);
  return paused;
}
