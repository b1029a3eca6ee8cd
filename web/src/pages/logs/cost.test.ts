import { describe, expect, it } from 'vitest';
import { exactUsd, perMillion, roundedBy } from './cost';

describe('a cost', () => {
  it('is shown to the thousandth of a nano-dollar', () => {
    const cases: [number, string][] = [
      [0, '$0.00'],
      [0.0000425, '$0.0000425'],
      [0.000000000001, '$0.000000000001'],
      [1.000000000001, '$1.000000000001'],
      [-0.5, '−$0.50'],
      [1234.5, '$1,234.50'],
    ];
    for (const [usd, expected] of cases) expect(exactUsd(usd)).toBe(expected);
  });

  it('has prices for a million tokens', () => {
    expect(perMillion(0.0025)).toBe('$2.50');
    expect(perMillion(0.000000001)).toBe('$0.000001');
    expect(perMillion(0.00015)).toBe('$0.15');
  });

  it('tells what rounding changed', () => {
    expect(roundedBy(0.0000000015, 0.000000002)).toBe(0.0000000005);
    expect(roundedBy(0.25, 0.25)).toBe(0);
  });
});
