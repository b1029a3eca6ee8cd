import { useTranslation } from 'react-i18next';
import { column, DataTable, type Column } from '../data-table';
import type { ChartPoint, ChartSpec } from './types';

interface Row {
  index: number;
  label: string;
}

interface Props {
  title: string;
  spec: ChartSpec;
  /** What the labels are: "Day", "Hour". */
  labelTitle: string;
  height: number;
  onPoint?: ((point: ChartPoint) => void) | undefined;
}

/** The same as the chart, to be read and walked by keys: Enter opens the calls of a row. */
export function AsTable({ title, spec, labelTitle, height, onPoint }: Props) {
  const { t } = useTranslation('components');
  const rows: Row[] = spec.labels.map((label, index) => ({ index, label }));
  const figures = spec.series.map((series, place): Column<Row> =>
    column(`s${place}`, series.name, ({ index }) => (series.values[index] == null ? '–' : spec.format(series.values[index] ?? 0)), {
      align: 'right',
      className: 'numeric',
      sorter: (one: Row, other: Row) => (series.values[one.index] ?? 0) - (series.values[other.index] ?? 0),
    }),
  );
  return (
    // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- what scrolls can be reached by keys
    <div className="chart-table" style={{ maxHeight: height }} tabIndex={0} role="region" aria-label={t('chart.tableOf', { title })}>
      <DataTable<Row>
        label={title}
        rows={rows}
        rowKey={({ index }) => index}
        columns={[column('label', labelTitle, ({ label }) => <span className="nowrap">{label}</span>), ...figures]}
        pagination={false}
        {...(onPoint ? { onRowClick: ({ index }: Row) => onPoint({ index, series: null }) } : {})}
      />
    </div>
  );
}
