import { useTranslation } from 'react-i18next';
import type { ChartSeries } from './types';

interface Props {
  series: readonly ChartSeries[];
  hidden: ReadonlySet<string>;
  onToggle: (name: string) => void;
}

/** What each colour means; each can be hidden and shown. */
export function Legend({ series, hidden, onToggle }: Props) {
  const { t } = useTranslation('components');
  return (
    <div className="chart-legend" role="group" aria-label={t('chart.legend')}>
      {series.map(({ name, colour, isBefore }) => (
        <button
          key={name}
          type="button"
          className={hidden.has(name) ? 'chart-key is-hidden' : 'chart-key'}
          aria-pressed={!hidden.has(name)}
          title={t(hidden.has(name) ? 'chart.show' : 'chart.hide', { name })}
          onClick={() => onToggle(name)}
        >
          <span className={isBefore ? 'chart-swatch is-before' : 'chart-swatch'} style={{ color: colour }} aria-hidden="true" />
          <span className="chart-key-name">{name}</span>
        </button>
      ))}
    </div>
  );
}
