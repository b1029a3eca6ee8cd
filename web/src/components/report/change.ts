/** How a figure compares with the one before. */
export interface Change {
  /** The share by which it grew; null where there was nothing before. */
  share: number | null;
  direction: 'up' | 'down' | 'same';
}

/** The change from one figure to another; less than a thousandth is none. */
export function changeOf(now: number, before: number): Change {
  if (before === 0) return { share: null, direction: now > 0 ? 'up' : 'same' };
  const share = (now - before) / before;
  return { share, direction: Math.abs(share) < 0.001 ? 'same' : share > 0 ? 'up' : 'down' };
}

/** The change of a share, in percentage points. */
export function pointsOf(now: number, before: number): Change {
  const points = now - before;
  return { share: points, direction: Math.abs(points) < 0.0001 ? 'same' : points > 0 ? 'up' : 'down' };
}
