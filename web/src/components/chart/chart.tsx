import { BarChartOutlined, DownloadOutlined, TableOutlined } from '@ant-design/icons';
import { Button, theme } from 'antd';
import { useId, useMemo, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { AsTable } from './as-table';
import { Canvas } from './canvas';
import './chart.css';
import { download, fileName, toCsv } from './csv';
import { Legend } from './legend';
import type { Looks } from './option';
import type { ChartPoint, ChartSpec } from './types';

interface Props extends ChartSpec {
  /** What it shows, in a few words: also its name for those who do not see it. */
  title: string;
  /** Beside the title: a sum, a choice. */
  extra?: ReactNode;
  /** What a label is: "Day", "Hour". */
  labelTitle: string;
  /** The labels as the file has them, where that is more than the axis says. */
  exactLabels?: readonly string[] | undefined;
  /** Opens the calls behind a figure. */
  onPoint?: (point: ChartPoint) => void;
  height?: number;
}

/** Looks of the theme, for what is drawn. */
function useLooks(): Looks {
  const { token } = theme.useToken();
  const isStill = window.matchMedia('(prefers-reduced-motion: reduce)').matches;
  return useMemo(
    () => ({
      text: token.colorTextSecondary,
      line: token.colorBorderSecondary,
      ground: token.colorBgElevated,
      font: token.fontFamily,
      isStill,
    }),
    [token, isStill],
  );
}

/** A chart with its legend, as a table on request, and as a file. */
export function Chart({ title, extra, labelTitle, exactLabels, onPoint, height = 220, ...spec }: Props) {
  const { t } = useTranslation('components');
  const id = useId();
  const [isTable, setTable] = useState(false);
  const [hidden, setHidden] = useState<ReadonlySet<string>>(new Set());
  const looks = useLooks();
  const shown = useShown(spec, hidden);

  const toggle = (name: string) => {
    const next = new Set(hidden);
    if (!next.delete(name)) next.add(name);
    setHidden(next);
  };
  const save = () => {
    const labels = exactLabels ?? spec.labels;
    const rows = labels.map((label, index) => [label, ...spec.series.map(({ values }) => values[index])]);
    download(fileName(title, labels[0] ?? '', labels.at(-1) ?? ''), toCsv([labelTitle, ...spec.series.map(({ name }) => name)], rows));
  };
  const point = onPoint
    ? ({ index, series }: ChartPoint) => {
        const name = series === null ? undefined : shown.series[series]?.name;
        const place = spec.series.findIndex((each) => each.name === name);
        if (index < spec.labels.length) onPoint({ index, series: place < 0 ? null : place });
      }
    : undefined;
  return (
    <figure className="chart" aria-labelledby={id}>
      <figcaption className="chart-head">
        <span id={id} className="chart-title">
          {title}
        </span>
        <span className="chart-extra">{extra}</span>
        <Button
          type="text"
          size="small"
          icon={isTable ? <BarChartOutlined /> : <TableOutlined />}
          aria-label={`${t(isTable ? 'chart.chart' : 'chart.table')}: ${title}`}
          title={t(isTable ? 'chart.chart' : 'chart.table')}
          onClick={() => setTable(!isTable)}
        />
        <Button type="text" size="small" icon={<DownloadOutlined aria-hidden />} aria-label={`${t('chart.csv')}: ${title}`} title={t('chart.csv')} onClick={save} />
      </figcaption>
      {isTable ? (
        <AsTable title={title} spec={spec} labelTitle={labelTitle} height={height + 28} onPoint={point} />
      ) : (
        <>
          <Canvas spec={shown} looks={looks} height={height} onPoint={point} />
          {spec.series.length > 1 ? <Legend series={spec.series} hidden={hidden} onToggle={toggle} /> : <div className="chart-legend" />}
        </>
      )}
    </figure>
  );
}

/** The series that are not hidden; the same object as long as nothing changed, so that nothing is drawn anew. */
function useShown(spec: ChartSpec, hidden: ReadonlySet<string>): ChartSpec {
  const { kind, labels, series, format, max } = spec;
  return useMemo(
    () => ({
      kind,
      labels,
      series: series.filter(({ name }) => !hidden.has(name)),
      format,
      ...(max === undefined ? {} : { max }),
    }),
    [kind, labels, series, format, max, hidden],
  );
}
