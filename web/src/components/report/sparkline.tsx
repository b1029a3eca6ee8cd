/** The course of a figure in a few pixels, from zero; what it says stands beside it. */
export function Sparkline({ values, colour }: { values: readonly number[]; colour: string }) {
  const [width, height] = [96, 24];
  const most = Math.max(...values, 0);
  if (values.length < 2 || most === 0) return <svg height={height} aria-hidden="true" className="sparkline" />;
  const at = (value: number, index: number) =>
    `${((index / (values.length - 1)) * width).toFixed(1)},${(height - 1 - (value / most) * (height - 3)).toFixed(1)}`;
  const line = values.map(at).join(' ');
  return (
    <svg height={height} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="none" aria-hidden="true" className="sparkline">
      <polygon points={`0,${height} ${line} ${width},${height}`} fill={colour} opacity="0.14" />
      <polyline points={line} fill="none" stroke={colour} strokeWidth="1.5" vectorEffect="non-scaling-stroke" strokeLinejoin="round" />
    </svg>
  );
}
