import { describe, expect, it } from 'vitest';
import { fileName, toCsv } from './csv';

describe('a CSV file', () => {
  it('quotes what would be taken for something else', () => {
    const text = toCsv(['app', 'cost'], [['a,b', 1.5], ['say "hi"', 0], ['two\nlines', null]]);
    expect(text).toBe('\uFEFFapp,cost\r\n"a,b",1.5\r\n"say ""hi""",0\r\n"two\nlines",\r\n');
  });

  it('keeps every digit of small amounts', () => {
    expect(toCsv(['c'], [[4.2e-7], [1e-9], [123456789.125], [NaN]])).toBe('\uFEFFc\r\n0.00000042\r\n0.000000001\r\n123456789.125\r\n\r\n');
  });

  it('gives a spreadsheet nothing to calculate, and leaves negative figures be', () => {
    expect(toCsv(['n'], [['=1+1'], ['@x'], [-2]])).toBe("\uFEFFn\r\n'=1+1\r\n'@x\r\n-2\r\n");
  });

  it('has a name that is one', () => {
    expect(fileName('Cost / day', '2026-11-01', '')).toBe('Cost-day_2026-11-01.csv');
  });
});
