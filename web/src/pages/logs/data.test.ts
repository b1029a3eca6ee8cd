import { queryOf, type Call } from '@/components/calls';
import { describe, expect, it } from 'vitest';
import { behind, pagesIn, wantedOf } from './data';

const week = { startDate: '2026-11-15', endDate: '2026-11-21', tz: 'UTC' };

describe('the pages that are read', () => {
  it('are those in sight, beside the first, which is always there', () => {
    expect(pagesIn(0, 40)).toEqual([]);
    expect(pagesIn(80, 130)).toEqual([1]);
    expect(pagesIn(99_950, 100_010)).toEqual([999, 1000]);
  });

  it('end right behind the newest call of the first one', () => {
    expect(behind({ createdAt: '2026-11-21T10:00:00.999Z' } as Call)).toBe('2026-11-21T10:00:01.000Z');
    expect(behind(undefined)).toBeUndefined();
  });
});

describe('what is asked for', () => {
  it('has nothing that is empty', () => {
    expect(queryOf(wantedOf({ status: 'error', live: true }, week))).toEqual({ status: 'error', ...week });
  });

  it('finds a call by its id whenever it was', () => {
    expect(queryOf(wantedOf({ requestId: 'x' }, week))).toEqual({ requestId: 'x', tz: 'UTC' });
  });
});
