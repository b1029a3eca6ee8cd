import { describe, expect, it } from 'vitest';
import { columnsIn, gridOf, namedOtherwise, usualColumns } from './columns';

describe('the columns of the list', () => {
  it('are the usual ones until others are chosen, and always in the same order', () => {
    expect(columnsIn(null)).toEqual(usualColumns);
    expect(columnsIn('odd,')).toEqual(usualColumns);
    expect(columnsIn('cost,odd,time')).toEqual(['time', 'cost']);
  });
});

describe('what the caller named', () => {
  it('is told where it is not the model itself', () => {
    const call = { model: 'gpt-4o', providerCode: 'openai' };
    expect(namedOtherwise({ ...call, requestedModel: 'fast' })).toBe('fast');
    for (const requestedModel of ['gpt-4o', 'openai/gpt-4o', null]) expect(namedOtherwise({ ...call, requestedModel })).toBeNull();
  });
});

describe('the grid', () => {
  it('is as wide as its columns, their gaps and its edges', () => {
    expect(gridOf(['time', 'model'])).toEqual({ template: '118px minmax(180px, 3fr)', leastWidth: 118 + 180 + 12 + 24 });
  });
});
