import { ArrowDownOutlined, ArrowUpOutlined, MinusOutlined } from '@ant-design/icons';
import { useTranslation } from 'react-i18next';
import { numberFormat } from '@/format';
import type { Change } from './change';

interface Props {
  change: Change;
  /** Which way is the good one; where neither is, the change has no colour. */
  good?: 'up' | 'down';
  /** In percentage points. */
  isPoints?: boolean;
  /** What it was before, in words. */
  before?: string;
}

/** How a figure changed: arrow, share, and whether that is good. */
export function ChangeTag({ change: { share, direction }, good, isPoints = false, before }: Props) {
  const { t } = useTranslation('components');
  const tone = direction === 'same' || !good ? 'quiet' : direction === good ? 'text-success' : 'text-danger';
  const icon = direction === 'up' ? <ArrowUpOutlined /> : direction === 'down' ? <ArrowDownOutlined /> : <MinusOutlined />;
  const words = direction === 'same' && share !== null ? t('change.same') : share === null ? (direction === 'up' ? t('change.new') : t('change.none')) : sized(share, isPoints);
  return (
    <span className={`change ${tone}`} title={before ? t('change.before', { value: before }) : undefined}>
      <span aria-hidden="true">{icon}</span> <span className="visually-hidden">{direction === 'same' ? '' : t(`change.${direction}`)}</span>
      {words}
    </span>
  );
}

function sized(share: number, isPoints: boolean): string {
  const size = Math.abs(share);
  if (isPoints) return `${numberFormat({ maximumFractionDigits: 2 }).format(size * 100)} pp`;
  // Ten times as much says it better than 900 %.
  if (share >= 9) return `×${numberFormat({ maximumFractionDigits: 0 }).format(share + 1)}`;
  return `${numberFormat({ maximumFractionDigits: 1 }).format(size * 100)} %`;
}
