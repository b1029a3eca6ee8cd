import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNow } from '@/app/now';
import { Headroom, StateTag } from '@/components';
import { formatMoney, formatRelative } from '@/format';
import { spentShare, type Token } from './token-state';

/** A token's budget: how much of it is spent, for how long it is, when it begins anew. */
export function Budget({ token, withPeriod = false }: { token: Token; withPeriod?: boolean }) {
  const { t } = useTranslation('tokens');
  const now = useNow(60_000);
  const share = spentShare(token);
  if (token.budgetUsd == null || share === null) return <Typography.Text type="secondary">{t('budget.none')}</Typography.Text>;
  const period = t(`budget.periods.${token.budgetPeriod}`);
  return (
    <div className="budget">
      <Headroom used={token.budgetUsedUsd} limit={token.budgetUsd} label={period} format={formatMoney} />
      {share >= 1 ? <StateTag state="quota_exceeded" text={t('budget.spent')} reason={t('budget.spentText')} /> : null}
      {withPeriod && token.budgetEndsAt ? (
        <span className="quiet">
          {t('budget.left', { left: formatMoney(Math.max(0, token.budgetUsd - token.budgetUsedUsd)) })} · {t('budget.begins', { when: formatRelative(token.budgetEndsAt, now) })}
        </span>
      ) : null}
    </div>
  );
}
