import { describe, expect, it } from 'vitest';
import { drillSearch } from './use-drill';

const page = { range: '7d', tz: 'Asia/Shanghai' };

describe('the calls behind a figure', () => {
  it('are those of the point that was clicked', () => {
    const search = drillSearch({ from: '2026-11-20T16:00:00Z', to: '2026-11-21T16:00:00Z', status: 'error' }, page);
    expect(search).toEqual({ status: 'error', range: '2026-11-20T16:00:00.000Z..2026-11-21T16:00:00.000Z', tz: 'Asia/Shanghai' });
  });

  it('are those of the page where no point was', () => {
    expect(drillSearch({ providerId: 3 }, page)).toEqual({ providerId: 3, range: '7d', tz: 'Asia/Shanghai' });
  });
});
