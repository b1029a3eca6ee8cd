import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { Headroom } from '@/components';
import { formatCount } from '@/format';
import { limitOf, type Token } from './token-state';

/** A token's limits in short: 60 requests/min, 2 at a time. */
export function Limits({ token }: { token: Token }) {
  const { t } = useTranslation('tokens');
  const told = [
    ['rpm', limitOf(token.rateLimitRpm)],
    ['tpm', limitOf(token.rateLimitTpm)],
    ['rpd', limitOf(token.rateLimitRpd)],
    ['concurrent', limitOf(token.maxConcurrent)],
  ] as const;
  const shown = told.filter(([, limit]) => limit !== null);
  if (shown.length === 0) return <Typography.Text type="secondary">{t('limits.none')}</Typography.Text>;
  return (
    <span className="limits">
      {shown.map(([name, limit]) => (
        <span key={name} className="nowrap">
          {t(`limits.${name}`, { count: limit ?? 0, replace: { count: formatCount(limit ?? 0) } })}
        </span>
      ))}
    </span>
  );
}

/** What a token uses of its limits now. */
export function LimitsNow({ token }: { token: Token }) {
  const { t } = useTranslation('tokens');
  const { headroom } = token;
  if (!headroom) return <Limits token={token} />;
  return (
    <div className="limits-now">
      <Headroom label={t('limits.rpmName')} used={headroom.rpmUsed} limit={headroom.rateLimitRpm} />
      <Headroom label={t('limits.tpmName')} used={headroom.tpmUsed} limit={headroom.rateLimitTpm} />
      <Headroom label={t('limits.rpdName')} used={headroom.rpdUsed} limit={headroom.rateLimitRpd} />
      <Headroom label={t('limits.concurrentName')} used={headroom.inFlight} limit={headroom.maxConcurrent} />
    </div>
  );
}
