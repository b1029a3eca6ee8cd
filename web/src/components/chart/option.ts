import type { BarSeriesOption, LineSeriesOption } from 'echarts/charts';
import type { GridComponentOption, TooltipComponentOption } from 'echarts/components';
import type { ComposeOption } from 'echarts/core';
import { formatCount } from '@/format';
import type { ChartSeries, ChartSpec } from './types';

export type Option = ComposeOption<BarSeriesOption | LineSeriesOption | GridComponentOption | TooltipComponentOption>;

/** What a chart takes from the theme. */
export interface Looks {
  text: string;
  line: string;
  ground: string;
  font: string;
  isStill: boolean;
}

/** Figures of a label for the tooltip, the biggest part first where parts stand upon each other. */
export function told(spec: ChartSpec, index: number): { name: string; value: string; colour: string }[] {
  const rows = spec.series.map((series, place) => ({ series, place, value: series.values[index] ?? null }));
  const isStacked = spec.series.some(({ stack }) => stack !== undefined);
  if (isStacked) rows.sort((one, other) => (other.value ?? 0) - (one.value ?? 0) || one.place - other.place);
  return rows
    .filter(({ value }) => value !== null && !(isStacked && value === 0 && spec.series.length > 3))
    .map(({ series, value }) => ({ name: series.name, value: spec.format(value ?? 0), colour: series.colour }));
}

/** The option of ECharts for a chart: from zero, without what moves where that is not wanted. */
export function optionOf(spec: ChartSpec, looks: Looks): Option {
  const axisText = { color: looks.text, fontFamily: looks.font, fontSize: 11 };
  return {
    animation: !looks.isStill,
    animationDuration: 180,
    animationDurationUpdate: 180,
    textStyle: { fontFamily: looks.font },
    grid: { left: 4, right: 12, top: 12, bottom: 2, outerBoundsMode: 'same', outerBoundsContain: 'axisLabel' },
    tooltip: {
      trigger: 'axis',
      // Our policy refuses styles in markup, so it is drawn.
      renderMode: 'richText',
      confine: true,
      transitionDuration: 0,
      backgroundColor: looks.ground,
      borderColor: looks.line,
      textStyle: { color: looks.text, fontFamily: looks.font, fontSize: 12, lineHeight: 18 },
      axisPointer: { type: spec.kind === 'bar' ? 'shadow' : 'line', z: 0 },
      formatter: (params) => {
        const first = Array.isArray(params) ? params[0] : params;
        return tooltip(spec, first?.dataIndex ?? 0);
      },
    },
    xAxis: {
      type: 'category',
      data: [...spec.labels],
      boundaryGap: spec.kind === 'bar',
      axisLine: { lineStyle: { color: looks.line } },
      axisTick: { show: false },
      axisLabel: { ...axisText, hideOverlap: true },
    },
    yAxis: {
      type: 'value',
      min: 0,
      ...(spec.max === undefined ? {} : { max: spec.max }),
      splitNumber: 4,
      // Nothing is counted in halves.
      ...(spec.format === formatCount ? { minInterval: 1 } : {}),
      axisLabel: { ...axisText, formatter: spec.format },
      splitLine: { lineStyle: { color: looks.line } },
    },
    series: spec.series.map((series) => seriesOf(spec, series)),
  };
}

function tooltip(spec: ChartSpec, index: number): string {
  const rows = told(spec, index).map(({ name, value }) => `${name}  ${value}`);
  return [spec.labels[index] ?? '', ...rows].join('\n');
}

function seriesOf(spec: ChartSpec, series: ChartSeries): BarSeriesOption | LineSeriesOption {
  const common = {
    name: series.name,
    data: [...series.values],
    itemStyle: { color: series.colour },
    ...(series.stack ? { stack: series.stack } : {}),
  };
  if (spec.kind === 'bar' && !series.isBefore) {
    return { ...common, type: 'bar', barMaxWidth: 28, barCategoryGap: '22%', emphasis: { focus: 'series' } };
  }
  return {
    ...common,
    type: 'line',
    symbol: 'circle',
    symbolSize: 5,
    showSymbol: spec.labels.length < 3,
    lineStyle: { width: series.isBefore ? 1.5 : 2, color: series.colour, type: series.isBefore ? 'dashed' : 'solid' },
    ...(spec.kind === 'area' && !series.isBefore ? { areaStyle: { color: series.colour, opacity: series.stack ? 0.7 : 0.16 } } : {}),
  };
}
