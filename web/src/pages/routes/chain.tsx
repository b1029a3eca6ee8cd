import { ArrowRightOutlined } from '@ant-design/icons';
import { Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatPercent } from '@/format';
import { nameOf, sharesOf, type Target } from './targets';

const SHOWN = 4;

/** The targets of a route in a line: openai/gpt-4o 75 % → anthropic/claude 25 % → … */
export function Chain({ targets }: { targets: Target[] }) {
  const { t } = useTranslation('routes');
  const hasWeights = targets.some(({ weight }) => (weight ?? 0) > 0);
  const shares = sharesOf(targets);
  return (
    <span className="chain">
      {targets.slice(0, SHOWN).map((target, place) => (
        <span key={nameOf(target)} className="nowrap">
          {place > 0 ? <ArrowRightOutlined aria-label={t('then')} className="chain-arrow" /> : null}
          <Tag>
            <span className="mono">{nameOf(target)}</span>
            {hasWeights && (target.weight ?? 0) > 0 ? ` ${formatPercent(shares[place])}` : null}
          </Tag>
        </span>
      ))}
      {targets.length > SHOWN ? <span className="quiet">{t('more', { count: targets.length - SHOWN })}</span> : null}
    </span>
  );
}
