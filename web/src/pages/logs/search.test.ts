import { describe, expect, it } from 'vitest';
import { countFilters, filtersOf, validateSearch } from './search';

describe('the address of the list of calls', () => {
  it('keeps what makes sense and leaves the rest out', () => {
    const read = validateSearch({ status: 'error', providerId: '3', keyId: 'x', unpriced: '1', model: '', endUser: 'ann', odd: '1' });
    const set = Object.fromEntries(Object.entries(read).filter(([, value]) => value !== undefined));
    expect(set).toEqual({ status: 'error', providerId: 3, unpriced: true, endUser: 'ann' });
    expect(countFilters(read)).toBe(4);
  });

  it('does not count watching live as a filter', () => {
    const read = validateSearch({ live: '1' });
    expect(read.live).toBe(true);
    expect(countFilters(read)).toBe(0);
    expect('live' in filtersOf(read)).toBe(false);
  });
});
