import { describe, expect, it } from 'vitest';
import { filterBy, filterOf, validateFilter } from './filter';

describe('the filter of a report', () => {
  it('leaves out what makes no sense', () => {
    expect(filterOf(validateFilter({ providerId: '3', model: 'gpt-4o', keyId: 'x', appId: '-1' }))).toEqual({ providerId: 3, model: 'gpt-4o' });
  });

  it('names a member of a dimension', () => {
    expect(filterBy('app', '7')).toEqual({ appId: 7 });
    expect(filterBy('model', '7b')).toEqual({ model: '7b' });
    expect(filterBy('user', null)).toEqual({});
  });
});
