import { Link } from '@tanstack/react-router';
import { Alert, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { useZone } from '@/app/use-range';
import { formatExact, formatMoment } from '@/format';
import { bucketColours } from './buckets';
import { exactUsd, perMillion, roundedBy } from './cost';
import type { Attempt, CallDetail } from './data';
import { totalOf } from './totals';

/** How the cost came about: tokens × price of each kind, to the nano-dollar. */
export function CallCost({ call }: { call: CallDetail }) {
  const { t } = useTranslation('logs');
  // An attempt that used nothing cost nothing: it is told only where there is no other.
  const due = call.attempts.filter((attempt) => attempt.cost.kind !== 'nothing_used');
  if (due.length === 0) return <Typography.Text type="secondary">{t('cost.nothing')}</Typography.Text>;
  const total = totalOf(call.attempts);
  return (
    <div className="stack" data-testid="cost">
      {due.map((attempt) => (
        <div key={attempt.attempt} className="stack">
          {due.length > 1 ? <strong>{t('attempt.number', { number: attempt.attempt })}</strong> : null}
          <AttemptCost attempt={attempt} />
        </div>
      ))}
      {due.length > 1 && total.costUsd !== null ? <strong>{t('cost.together', { total: exactUsd(total.costUsd) })}</strong> : null}
    </div>
  );
}

function AttemptCost({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation('logs');
  const { kind } = attempt.cost;
  if (kind === 'priced') return <Priced attempt={attempt} />;
  if (kind === 'price_gone') return <Alert type="info" showIcon title={t('cost.gone', { total: exactUsd(attempt.costUsd ?? 0) })} />;
  return (
    <Alert
      type="warning"
      showIcon
      title={t('cost.unpriced')}
      description={attempt.modelId ? <Link to="/models/$id" params={{ id: String(attempt.modelId) }}>{t('cost.setPrice')}</Link> : t('cost.unlisted')}
    />
  );
}

function Priced({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation('logs');
  const { cost } = attempt;
  const rounded = roundedBy(cost.sumUsd, cost.totalUsd ?? 0);
  return (
    <>
      <PriceName attempt={attempt} />
      <div className="scrolls">
        <table className="sums">
          <thead>
            <tr>
              <th scope="col">{t('tokens.kind')}</th>
              <th scope="col">{t('tokens.count')}</th>
              <th scope="col">{t('cost.perMillion')}</th>
              <th scope="col">{t('cost.amount')}</th>
            </tr>
          </thead>
          <tbody>
            {cost.lines.map((line) => (
              <tr key={line.bucket}>
                <th scope="row">
                  <span className="swatch" style={{ background: bucketColours[line.bucket] }} />
                  {t(`bucket.${line.bucket}`)}
                  {line.pricedAs === line.bucket ? null : <span className="quiet"> · {t('cost.pricedAs', { kind: t(`bucket.${line.pricedAs}`) })}</span>}
                </th>
                <td>{formatExact(line.tokens)}</td>
                <td>× {perMillion(line.costPer1kTokens)}</td>
                <td>= {exactUsd(line.amountUsd)}</td>
              </tr>
            ))}
            {cost.requestFeeUsd > 0 ? <Sum label={t('cost.fee')} value={exactUsd(cost.requestFeeUsd)} /> : null}
            {rounded === 0 ? null : <Sum label={t('cost.rounded')} value={exactUsd(rounded)} />}
          </tbody>
          <tfoot>
            <Sum label={t('cost.total')} value={exactUsd(cost.totalUsd ?? 0)} />
          </tfoot>
        </table>
      </div>
      {cost.isExact ? null : <Alert type="warning" showIcon title={t('cost.differs', { recorded: exactUsd(attempt.costUsd ?? 0) })} />}
    </>
  );
}

function Sum({ label, value }: { label: string; value: string }) {
  return (
    <tr>
      <th scope="row">{label}</th>
      <td />
      <td />
      <td>{value}</td>
    </tr>
  );
}

/** Which version and tier of the model's price it was. */
function PriceName({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation('logs');
  const zone = useZone();
  const { price } = attempt.cost;
  if (!price) return null;
  const tier = price.tierMinPromptTokens > 0 ? t('cost.tierFrom', { count: price.tierMinPromptTokens, tokens: formatExact(price.tierMinPromptTokens) }) : t('cost.firstTier');
  const source = price.source in sources ? t(`cost.source.${price.source as keyof typeof sources}`) : price.source;
  return (
    <span>
      {t('cost.by')}{' '}
      <Link to="/models/$id" params={{ id: String(price.modelId) }}>
        {t('cost.version', { time: formatMoment(price.validFrom, zone) })}
      </Link>
      {' · '}
      {tier}
      {' · '}
      {source}
      <span className="quiet"> (#{price.id})</span>
    </span>
  );
}

const sources = { seed: 1, sync: 1, manual: 1 };
