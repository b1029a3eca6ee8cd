import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatExact, formatPercent } from '@/format';
import { bucketsOf } from './buckets';
import type { Attempt, CallDetail } from './data';

/** What was used, in kinds that do not overlap; of each attempt that used something. */
export function CallTokens({ call }: { call: CallDetail }) {
  const { t } = useTranslation('logs');
  const used = call.attempts.filter((attempt) => attempt.totalTokens > 0);
  if (used.length === 0) return <Typography.Text type="secondary">{t('tokens.none')}</Typography.Text>;
  return used.map((attempt) => (
    <div key={attempt.attempt} className="stack">
      {used.length > 1 ? <strong>{t('attempt.number', { number: attempt.attempt })}</strong> : null}
      <Buckets attempt={attempt} />
      {attempt.isEstimated ? <Typography.Text type="warning">{t('tokens.estimated')}</Typography.Text> : null}
    </div>
  ));
}

function Buckets({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation('logs');
  const buckets = bucketsOf(attempt);
  const total = attempt.totalTokens;
  return (
    <>
      <div className="buckets" aria-hidden="true">
        {buckets.map(({ name, tokens, colour }) => (
          <span key={name} style={{ flex: `${tokens} 0 0`, background: colour }} />
        ))}
      </div>
      <div className="scrolls">
        <table className="sums">
          <thead>
            <tr>
              <th scope="col">{t('tokens.kind')}</th>
              <th scope="col">{t('tokens.count')}</th>
              <th scope="col">{t('tokens.share')}</th>
            </tr>
          </thead>
          <tbody>
            {buckets.map(({ name, tokens, colour }) => (
              <tr key={name}>
                <th scope="row">
                  <span className="swatch" style={{ background: colour }} />
                  {t(`bucket.${name}`)}
                </th>
                <td>{formatExact(tokens)}</td>
                <td>{formatPercent(tokens / total)}</td>
              </tr>
            ))}
          </tbody>
          <tfoot>
            <tr>
              <th scope="row">{t('tokens.total')}</th>
              <td>{formatExact(total)}</td>
              <td />
            </tr>
          </tfoot>
        </table>
      </div>
      <Typography.Text type="secondary">{t('tokens.note')}</Typography.Text>
    </>
  );
}
