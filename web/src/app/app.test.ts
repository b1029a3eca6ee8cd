import { describe, expect, it } from 'vitest';
import { initialLanguage } from '@/i18n';
import { pageAt, pagesOf } from './pages';
import { spanBefore, spanOf, validateRange } from './range';
import { flag, oneOf, parseSearch, stringifySearch, text, texts, whole } from './search';

describe('addresses', () => {
  it('hold plain words and no JSON', () => {
    const search = { q: '7', states: ['error', 'cancelled'], open: true, page: 2, none: undefined, empty: '', no: false };
    expect(stringifySearch(search)).toBe('?q=7&states=error&states=cancelled&open=1&page=2');
    expect(stringifySearch({})).toBe('');
  });

  it('are read as they were written', () => {
    const raw = parseSearch('?q=7&states=error&states=cancelled&open=1&page=2&tz=Asia%2FShanghai');
    expect(text(raw.q)).toBe('7');
    expect(texts(raw.states)).toEqual(['error', 'cancelled']);
    expect(flag(raw.open)).toBe(true);
    expect(whole(raw.page)).toBe(2);
    expect(text(raw.tz)).toBe('Asia/Shanghai');
  });

  it('that make no sense are left out', () => {
    expect(whole('0')).toBeUndefined();
    expect(whole('1.5')).toBeUndefined();
    expect(whole('x')).toBeUndefined();
    expect(flag('0')).toBeUndefined();
    expect(oneOf('odd', ['on', 'off'])).toBeUndefined();
    expect(validateRange({ range: 'ever', tz: 'Mars/Olympus', compare: 'x' })).toEqual({});
  });
});

describe('ranges', () => {
  const now = Date.parse('2026-11-21T22:15:30Z');

  it.each([
    ['today', 'UTC', '2026-11-21', '2026-11-21'],
    ['today', 'Asia/Shanghai', '2026-11-22', '2026-11-22'],
    ['7d', 'UTC', '2026-11-15', '2026-11-21'],
    ['month', 'UTC', '2026-11-01', '2026-11-21'],
    ['lastMonth', 'UTC', '2026-10-01', '2026-10-31'],
    ['1h', 'UTC', '2026-11-21T21:16:00.000Z', '2026-11-21T22:16:00.000Z'],
    ['2026-01-01..2026-01-31', 'UTC', '2026-01-01', '2026-01-31'],
  ])('%s in %s goes from %s to %s', (range, zone, startDate, endDate) => {
    expect(spanOf(range, zone, now)).toEqual({ startDate, endDate });
  });

  it.each([
    ['2026-11-15', '2026-11-21', '2026-11-08', '2026-11-14'],
    ['2026-11-21', '2026-11-21', '2026-11-20', '2026-11-20'],
    ['2026-10-01', '2026-10-31', '2026-09-01', '2026-09-30'],
    ['2026-03-01', '2026-03-31', '2026-02-01', '2026-02-28'],
    ['2026-11-21T21:00:00.000Z', '2026-11-21T22:00:00.000Z', '2026-11-21T20:00:00.000Z', '2026-11-21T21:00:00.000Z'],
  ])('before %s to %s come %s to %s', (startDate, endDate, before, until) => {
    expect(spanBefore({ startDate, endDate })).toEqual({ startDate: before, endDate: until });
  });
});

describe('pages', () => {
  it('are those of the role', () => {
    const names = (role: 'admin' | 'analyst' | 'app') => pagesOf(role).map((page) => page.name);
    expect(names('app')).toEqual(['playground']);
    expect(names('analyst')).not.toContain('users');
    expect(names('analyst')).not.toContain('playground');
    expect(names('admin')).toHaveLength(14);
  });

  it('are known by their address', () => {
    expect(pageAt('/')?.name).toBe('dashboard');
    expect(pageAt('/logs/0192')?.name).toBe('logs');
    expect(pageAt('/logsx')).toBeUndefined();
  });
});

it.each([
  [['zh-TW', 'en'], 'zh-CN'],
  [['de', 'en-GB'], 'en'],
  [['de', 'zh'], 'zh-CN'],
  [['fr'], 'en'],
])('a browser that wants %s begins with %s', (wanted, language) => {
  expect(initialLanguage(wanted)).toBe(language);
});
