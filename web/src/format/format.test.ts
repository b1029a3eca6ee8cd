import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { showWordsOf } from '@/i18n';
import {
  dayIn,
  exactMoney,
  formatBytes,
  formatCount,
  formatDateTime,
  formatDuration,
  formatExact,
  formatLeft,
  formatMoney,
  formatPercent,
  formatRelative,
  isZone,
  parseDecimal,
} from '.';

describe('counts', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [9_999, '9,999'],
    [10_000, '10 k'],
    [12_345, '12.3 k'],
    [123_456, '123 k'],
    [999_499, '999 k'],
    [999_999, '1 M'],
    [1_234_567, '1.23 M'],
    [45_600_000_000, '45.6 G'],
    [-12_345, '-12.3 k'],
  ])('%d is %s', (value, text) => expect(formatCount(value)).toBe(text));

  it('are exact on hover', () => expect(formatExact(1_234_567)).toBe('1,234,567'));
});

describe('money', () => {
  it.each([
    [0, '$0.00'],
    [12.4, '$12.40'],
    [1234.5, '$1,234.50'],
    [0.5, '$0.50'],
    [0.0042, '$0.0042'],
    [0.000042, '$0.000042'],
    [0.0000000012, '$0.000000001'],
    [0.999, '$1.00'],
    ['12.345678901', '$12.35'],
    [-3.5, '−$3.50'],
    ['no number', '–'],
  ])('%s is %s', (usd, text) => expect(formatMoney(usd)).toBe(text));

  it('keeps every digit where it is told exactly', () => {
    expect(exactMoney('12.345678901')).toBe('$12.345678901');
    expect(exactMoney(0.000042)).toBe('$0.000042');
  });

  it.each([
    ['12.40', '12.40'],
    ['.5', '0.5'],
    ['007', '7'],
    ['3.', '3'],
    ['', null],
    ['1,5', null],
    ['1e3', null],
    ['-1', null],
  ])('is typed as a decimal: %s', (typed, read) => expect(parseDecimal(typed)).toBe(read));
});

describe('durations', () => {
  it.each([
    [0.4, '0.4 ms'],
    [840, '840 ms'],
    [999.7, '1 s'],
    [1520, '1.52 s'],
    [12_340, '12.3 s'],
    [59_990, '1 min'],
    [125_000, '2 min 5 s'],
    [12_000_000, '3 h 20 min'],
    [360_000_000, '4 d 4 h'],
    [null, '–'],
  ])('%s is %s', (ms, text) => expect(formatDuration(ms)).toBe(text));

  it.each([
    [65_000, '1:05'],
    [64_001, '1:05'],
    [3_789_000, '1:03:09'],
    [-5000, '0:00'],
  ])('%d ms are left as %s', (left, text) => expect(formatLeft(1e12 + left, 1e12)).toBe(text));
});

describe('shares', () => {
  it.each([
    [1, '100 %'],
    [0.99996, '99.99 %'],
    [0.9987, '99.87 %'],
    [0.423, '42.3 %'],
    [0.00001, '0.01 %'],
    [0, '0 %'],
    [null, '–'],
    [Number.NaN, '–'],
  ])('%s is %s', (share, text) => expect(formatPercent(share)).toBe(text));
});

it.each([
  [0, '0 B'],
  [1023, '1,023 B'],
  [1536, '1.5 KiB'],
  [5_242_880, '5 MiB'],
])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));

describe('times', () => {
  const at = '2026-11-21T23:30:00Z';

  it('are told in the zone', () => {
    expect(formatDateTime(at, 'UTC')).toBe('11/21/2026, 23:30:00');
    expect(formatDateTime(at, 'Asia/Shanghai')).toBe('11/22/2026, 07:30:00');
    expect(dayIn(at, 'UTC')).toBe('2026-11-21');
    expect(dayIn(at, 'Asia/Shanghai')).toBe('2026-11-22');
  });

  it.each([
    [0, 'now'],
    [-30, '30 seconds ago'],
    [-3 * 60, '3 minutes ago'],
    [-86_400, 'yesterday'],
    [2 * 86_400 + 5, 'in 2 days'],
  ])('%d seconds from now are %s', (seconds, text) => {
    const now = Date.parse(at);
    expect(formatRelative(now + seconds * 1000, now)).toBe(text);
  });

  it('know which zones there are', () => {
    expect(isZone('Asia/Shanghai')).toBe(true);
    expect(isZone('Mars/Olympus')).toBe(false);
  });
});

describe('in Chinese', () => {
  beforeAll(() => showWordsOf('zh-CN'));
  afterAll(() => showWordsOf('en'));

  it('numbers, times and durations are written as readers of it expect', () => {
    expect(formatDuration(125_000)).toBe('2 分 5 秒');
    expect(formatDateTime('2026-11-21T23:30:00Z', 'UTC')).toBe('2026/11/21 23:30:00');
    expect(formatRelative(0, 180_000)).toBe('3分钟前');
    expect(formatMoney(1234.5)).toBe('$1,234.50');
  });
});
