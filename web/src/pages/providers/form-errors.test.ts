import { expect, test } from 'vitest';
import { ApiError } from '@/api/errors';
import { atWholeFields } from './form-errors';

test('what is said of a part stands beside the field of the whole', () => {
  const error = new ApiError('validation_failed', 'no', 422, 'id-1', [
    { field: 'quirks.flaten', message: 'is unknown' },
    { field: 'extraHeaders.x.y', message: 'is wrong' },
    { field: 'baseUrl', message: 'must be a URL' },
  ]);
  const told = atWholeFields(error, ['quirks', 'extraHeaders']) as ApiError;
  expect(told.details).toEqual([
    { field: 'quirks', message: 'flaten: is unknown' },
    { field: 'extraHeaders', message: 'x.y: is wrong' },
    { field: 'baseUrl', message: 'must be a URL' },
  ]);
  expect(told).toMatchObject({ status: 422, requestId: 'id-1' });
});

test('what is no failure of the API is passed on', () => {
  const thrown = new Error('away');
  expect(atWholeFields(thrown, ['quirks'])).toBe(thrown);
});
