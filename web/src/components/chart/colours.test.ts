import { describe, expect, it } from 'vitest';
import { colourOfProvider, colourOfState, coloursOf, distinct, palette } from './colours';

/** The contrast of two colours, as WCAG counts it. */
function contrast(one: string, other: string): number {
  const light = (hex: string) => {
    const [r, g, b] = [1, 3, 5].map((at) => {
      const part = parseInt(hex.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (b ?? 0);
  };
  const [a, b] = [light(one), light(other)];
  return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
}

describe('colours of charts', () => {
  it('stand out on the grounds of both themes', () => {
    for (const [name, colour] of Object.entries(palette)) {
      expect(contrast(colour, '#ffffff'), `${name} on white`).toBeGreaterThanOrEqual(2.8);
      expect(contrast(colour, '#161d19'), `${name} on dark`).toBeGreaterThanOrEqual(3);
    }
  });

  it('are the same for a provider wherever it is drawn', () => {
    expect(colourOfProvider('openai')).toBe(colourOfProvider('OpenAI'));
    expect(colourOfProvider('our-own')).toBe(colourOfProvider('our-own'));
    expect(coloursOf(['anthropic', 'openai'], 'provider')).toEqual([colourOfProvider('anthropic'), colourOfProvider('openai')]);
  });

  it('are told apart within a chart', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
    expect(new Set(coloursOf(names)).size).toBe(names.length);
  });

  it('give way where two want the same, the first keeps it', () => {
    expect(distinct([palette.sky, palette.blue, palette.sky])).toEqual([palette.sky, palette.blue, palette.olive]);
    expect(distinct(Array.from({ length: 12 }, () => palette.blue))).toHaveLength(12);
  });

  it('of what went well and what failed differ', () => {
    expect(colourOfState('success')).not.toBe(colourOfState('error'));
    expect(colourOfState('of no kind that we know')).toBe(palette.grey);
  });
});
