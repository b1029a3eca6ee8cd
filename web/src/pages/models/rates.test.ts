import { describe, expect, it } from 'vitest';
import { perMillion, perThousand, plainDecimal, shiftPoint } from './rates';

describe('prices per million', () => {
  it('moves the point without rounding a digit', () => {
    for (const [from, places, to] of [
      ['0.00015', 3, '0.15'],
      ['2.5', 3, '2500'],
      ['0', 3, '0'],
      ['0.000000001', 3, '0.000001'],
      ['150', -3, '0.15'],
      ['.5', -3, '0.0005'],
      ['1234.5', -3, '1.2345'],
      ['0.1', -3, '0.0001'],
      ['12.', 3, '12000'],
    ] as const) {
      expect(shiftPoint(from, places), `${from} by ${places}`).toBe(to);
    }
  });

  it('comes back as it went, for every price there may be', () => {
    for (const price of [1e-9, 1.5e-7, 0.000075, 0.0025, 0.1, 1.23, 15]) {
      expect(perThousand(perMillion(price)), String(price)).toBe(price);
    }
  });

  it('is nothing where no price is known, and zero where it is free', () => {
    expect(perMillion(null)).toBeNull();
    expect(perThousand('')).toBeNull();
    expect(perThousand('0')).toBe(0);
    expect(plainDecimal(1.5e-7)).toBe('0.00000015');
  });
});
