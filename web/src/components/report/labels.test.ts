import { describe, expect, it } from 'vitest';
import { pointLabels } from './labels';

const at = (date: string, from = date) => ({ date, from });

describe('labels of points', () => {
  it('are days of the calendar, whatever the zone', () => {
    const points = [at('2026-11-21', '2026-11-20T16:00:00Z')];
    expect(pointLabels(points, 'day', 'America/Los_Angeles')).toEqual(['Nov 21']);
    expect(pointLabels([at('2026-11')], 'month', 'Asia/Shanghai')).toEqual(['Nov 2026']);
  });

  it('tell the day of hours only where there are several', () => {
    const first = at('2026-11-21T23:00:00+08:00');
    expect(pointLabels([first], 'hour', 'Asia/Shanghai')).toEqual(['23:00']);
    expect(pointLabels([first, at('2026-11-22T00:00:00+08:00')], 'hour', 'Asia/Shanghai')).toEqual(['Nov 21, 23:00', 'Nov 22, 00:00']);
  });
});
