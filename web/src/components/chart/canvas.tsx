import { Skeleton } from 'antd';
import { useEffect, useRef, useState } from 'react';
import type * as Engines from './engine';
import { optionOf, type Looks } from './option';
import type { ChartPoint, ChartSpec } from './types';

type Engine = typeof Engines;
type Drawing = ReturnType<Engine['init']>;

interface Props {
  spec: ChartSpec;
  looks: Looks;
  height: number;
  onPoint?: ((point: ChartPoint) => void) | undefined;
}

/** The drawing itself, once its engine is there. What it shows can be read in the table, too. */
export function Canvas({ spec, looks, height, onPoint }: Props) {
  const place = useRef<HTMLDivElement>(null);
  const drawing = useRef<Drawing | null>(null);
  const [engine, setEngine] = useState<Engine | null>(null);
  const open = useRef(onPoint);
  useEffect(() => {
    open.current = onPoint;
  });

  useEffect(() => {
    let isGone = false;
    void import('./engine').then((loaded) => {
      if (!isGone) setEngine(loaded);
    });
    return () => {
      isGone = true;
    };
  }, []);

  useEffect(() => {
    const element = place.current;
    if (!engine || !element) return undefined;
    const made = engine.init(element, null, { renderer: 'canvas' });
    drawing.current = made;
    const observer = new ResizeObserver(() => made.resize());
    observer.observe(element);
    // Anywhere above a label counts, not only the line that is two pixels wide.
    made.getZr().on('click', (event: { offsetX: number; offsetY: number }) => {
      const at = [event.offsetX, event.offsetY];
      if (!made.containPixel('grid', at)) return;
      const index = Number(made.convertFromPixel({ seriesIndex: 0 }, at)[0]);
      if (Number.isFinite(index)) open.current?.({ index: Math.max(0, Math.round(index)), series: hit.current });
    });
    const hit = { current: null as number | null };
    made.on('mouseover', (event) => {
      hit.current = event.seriesIndex ?? null;
    });
    made.on('mouseout', () => {
      hit.current = null;
    });
    return () => {
      observer.disconnect();
      made.dispose();
      drawing.current = null;
    };
  }, [engine]);

  useEffect(() => {
    drawing.current?.setOption(optionOf(spec, looks), { notMerge: true });
  }, [engine, spec, looks]);

  return (
    <div className={onPoint ? 'chart-canvas opens' : 'chart-canvas'} style={{ height }} aria-hidden="true">
      {engine ? null : <Skeleton.Node active className="chart-skeleton" style={{ height }} />}
      <div ref={place} style={{ height, display: engine ? undefined : 'none' }} />
    </div>
  );
}
