import { Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { exactMoney, formatCount, formatDuration, formatExact, formatMoney, formatPercent } from '@/format';

/** An amount; what has no price says so. `unpriced` beside an amount: a number of calls that it leaves out. */
export function Money({ usd, unpriced }: { usd: number | string | null | undefined; unpriced?: boolean | number }) {
  const { t } = useTranslation();
  if (usd == null || unpriced === true) return <span className="text-warning">{t('unpriced')}</span>;
  return (
    <span className="nowrap">
      <span title={exactMoney(usd)}>{formatMoney(usd)}</span>
      {typeof unpriced === 'number' && unpriced > 0 ? (
        <span className="text-warning"> + {formatExact(unpriced)} {t('unpriced')}</span>
      ) : null}
    </span>
  );
}

/** A number of things: 1.2 M, the exact figure on hover. */
export function Count({ value }: { value: number | null | undefined }) {
  if (value == null) return <>–</>;
  return (
    <span className="nowrap" title={formatExact(value)}>
      {formatCount(value)}
    </span>
  );
}

/** A time that something took. */
export function Duration({ ms }: { ms: number | null | undefined }) {
  return (
    <span className="nowrap" title={ms == null ? undefined : `${formatExact(ms)} ms`}>
      {formatDuration(ms)}
    </span>
  );
}

/** A share of one, in percent. */
export function Percent({ value }: { value: number | null | undefined }) {
  return <span className="nowrap">{formatPercent(value)}</span>;
}

/** A word with its explanation on hover and focus. */
export function Explained({ text, why }: { text: string; why: string }) {
  return (
    <Tooltip title={why}>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- its explanation opens on focus */}
      <span tabIndex={0} className="explained">
        {text}
      </span>
    </Tooltip>
  );
}
