/** One line, or one part of the bars, of a chart. */
export interface ChartSeries {
  name: string;
  /** A figure for each label; what did not happen is 0, what is not known null. */
  values: readonly (number | null)[];
  colour: string;
  /** Parts with the same word stand upon each other. */
  stack?: string;
  /** Drawn as a dashed line: the time before. */
  isBefore?: boolean;
}

/** A figure that was clicked. */
export interface ChartPoint {
  /** Which label. */
  index: number;
  /** Which series; none where the label itself was meant. */
  series: number | null;
}

/** What a chart shows. */
export interface ChartSpec {
  kind: 'bar' | 'line' | 'area';
  /** What is told along the bottom, one for each figure. */
  labels: readonly string[];
  series: readonly ChartSeries[];
  /** Writes a figure: on the axis, in the tooltip, in the table. */
  format: (value: number) => string;
  /** The most that the axis goes to, for shares. */
  max?: number;
}
