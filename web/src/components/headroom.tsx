import { theme } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatCount, formatExact } from '@/format';
import './states.css';

interface Props {
  used: number;
  /** Null or 0: unlimited, which is said and not drawn. */
  limit: number | null | undefined;
  label: string;
  /** How to write a figure; counts unless told. */
  format?: (value: number) => string;
}

/** From where a bar is amber, and red. */
const AMBER = 0.8;
const RED = 0.95;

/** Used of limit. */
export function Headroom({ used, limit, label, format = formatCount }: Props) {
  const { t } = useTranslation('components');
  const { token } = theme.useToken();
  const share = limit ? Math.min(1, used / limit) : 0;
  const colour = share >= RED ? token.colorError : share >= AMBER ? token.colorWarning : token.colorSuccess;
  const words = limit ? t('headroom.of', { used: format(used), limit: format(limit) }) : `${format(used)} · ${t('headroom.unlimited')}`;
  return (
    <div className="headroom" title={limit ? `${formatExact(used)} / ${formatExact(limit)}` : formatExact(used)}>
      <div className="headroom-words">
        <span className="quiet">{label}</span>
        <span>{words}</span>
      </div>
      {limit ? (
        <div className="headroom-bar" role="meter" aria-label={label} aria-valuenow={used} aria-valuemin={0} aria-valuemax={limit} aria-valuetext={words}>
          <div className="headroom-fill" style={{ width: `${share * 100}%`, background: colour }} />
        </div>
      ) : null}
    </div>
  );
}
