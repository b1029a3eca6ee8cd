import { describe, expect, it } from 'vitest';
import { changeOf, pointsOf } from './change';

describe('a change', () => {
  it('is a share of what was before', () => {
    expect(changeOf(15, 10)).toEqual({ share: 0.5, direction: 'up' });
    expect(changeOf(5, 10)).toEqual({ share: -0.5, direction: 'down' });
    expect(changeOf(10, 10)).toEqual({ share: 0, direction: 'same' });
  });

  it('has no share where nothing was before', () => {
    expect(changeOf(3, 0)).toEqual({ share: null, direction: 'up' });
    expect(changeOf(0, 0)).toEqual({ share: null, direction: 'same' });
  });

  it('of a share is told in points', () => {
    expect(pointsOf(0.98, 0.99).direction).toBe('down');
    expect(pointsOf(0.98, 0.98).direction).toBe('same');
  });
});
