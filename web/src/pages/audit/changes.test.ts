import { describe, expect, it } from 'vitest';
import { changesOf, nameIn, shown } from './changes';
import { validateSearch } from './search';

describe('what differs before and after', () => {
  it('is told field by field, without what only says that something was written', () => {
    const before = { name: 'a', quirks: { strip: ['x'], auth: 'bearer' }, updatedAt: 1, same: { b: 1, a: [1] } };
    const after = { name: 'b', quirks: { strip: ['x', 'y'] }, updatedAt: 2, same: { a: [1], b: 1 }, added: null };
    expect(changesOf(before, after)).toEqual([
      { path: 'name', before: 'a', after: 'b' },
      { path: 'quirks.strip', before: ['x'], after: ['x', 'y'] },
      { path: 'quirks.auth', before: 'bearer', after: undefined },
      { path: 'added', before: undefined, after: null },
    ]);
  });

  it('is all of a thing that was made or removed', () => {
    expect(changesOf(null, { a: 1, b: { c: 2 }, d: {} })).toEqual([
      { path: 'a', before: undefined, after: 1 },
      { path: 'b.c', before: undefined, after: 2 },
      { path: 'd', before: undefined, after: {} },
    ]);
    expect(changesOf({ a: 1 }, null)).toEqual([{ path: 'a', before: 1, after: undefined }]);
    expect(changesOf(null, null)).toEqual([]);
  });

  it('takes an object that became a text for one change', () => {
    expect(changesOf({ a: { b: 1 } }, { a: 'x' })).toEqual([{ path: 'a', before: { b: 1 }, after: 'x' }]);
  });
});

it('a thing is named by what tells the most', () => {
  expect(nameIn(null, { keyName: 'main', providerCode: 'openai' })).toBe('main');
  expect(nameIn({ name: '' }, 7)).toBeNull();
});

it('texts are shown as they are, all else as JSON', () => {
  expect(shown('a')).toBe('a');
  expect(shown(null)).toBe('null');
  expect(shown(['a'])).toBe('[\n  "a"\n]');
});

it('the address holds filters that make sense alone', () => {
  expect(validateSearch({ action: 'delete', resource: 'key', resourceId: '4', userId: '2', page: '3', pageSize: '7', entry: '9' })).toEqual({
    action: 'delete', resource: 'key', resourceId: 4, userId: 2, page: 3, pageSize: undefined, entry: 9,
  });
  expect(validateSearch({ action: 'x', resource: 'y', resourceId: 'z' })).toEqual({});
});
