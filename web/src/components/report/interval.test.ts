import { describe, expect, it } from 'vitest';
import { hoursOf, intervalOf, intervalsOf } from './interval';

const days = (startDate: string, endDate: string) => ({ startDate, endDate });

describe('what time is cut into', () => {
  it('counts the last day in', () => {
    expect(hoursOf(days('2026-11-21', '2026-11-21'))).toBe(24);
    expect(hoursOf(days('2026-11-21T10:00:00.000Z', '2026-11-21T11:00:00.000Z'))).toBe(1);
  });

  it.each([
    [days('2026-11-21', '2026-11-21'), 'hour', ['hour']],
    [days('2026-11-15', '2026-11-21'), 'day', ['hour', 'day']],
    [days('2026-09-01', '2026-11-21'), 'day', ['day', 'month']],
    [days('2020-01-01', '2026-11-21'), 'month', ['month']],
  ] as const)('fits %o', (span, standard, possible) => {
    expect(intervalOf(span)).toBe(standard);
    expect(intervalsOf(span)).toEqual(possible);
  });

  it('takes what was chosen where that makes sense', () => {
    expect(intervalOf(days('2026-11-15', '2026-11-21'), 'hour')).toBe('hour');
    expect(intervalOf(days('2020-01-01', '2026-11-21'), 'hour')).toBe('month');
  });
});
