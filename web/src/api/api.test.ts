import { describe, expect, it } from 'vitest';
import { fieldErrors, pathOf } from '@/components/field-errors';
import { ApiError, asApiError, errorOf } from './errors';
import { EventReader } from './events';

describe('events', () => {
  const text = ': hello\n\nevent: call\nid: 7\ndata: {"a":\ndata: 1}\n\ndata: x\r\n\r\ndata: cut';
  const whole = [
    { event: 'call', data: '{"a":\n1}', id: '7' },
    { event: 'message', data: 'x', id: '7' },
  ];

  it.each([1, 2, 3, 7, 1000])('are whole, cut into pieces of %d', (size) => {
    const reader = new EventReader();
    const events = [];
    for (let at = 0; at < text.length; at += size) events.push(...reader.push(text.slice(at, at + size)));
    expect(events).toEqual(whole);
  });
});

describe('failures', () => {
  const answer = (status: number, headers = {}) => new Response(null, { status, headers });

  it('are told in the words of the server', () => {
    const body = { code: 422, message: 'wrong', error: { type: 'validation_failed', requestId: 'r-1', details: [{ field: 'a', message: 'b' }] } };
    const error = errorOf(answer(422), body);
    expect(error).toMatchObject({ kind: 'validation_failed', message: 'wrong', requestId: 'r-1', status: 422 });
    expect(error.details).toEqual([{ field: 'a', message: 'b' }]);
  });

  it("keep their id and wait where the body is a proxy's page", () => {
    const error = errorOf(answer(503, { 'x-request-id': 'r-2', 'retry-after': '3' }), '<html>');
    expect(error).toMatchObject({ kind: 'unknown', requestId: 'r-2', retryAfterMs: 3000 });
  });

  it('of any other kind are wrapped', () => {
    expect(asApiError(new TypeError('x'))).toMatchObject({ kind: 'unknown', message: 'x' });
    const error = new ApiError('offline', 'x');
    expect(asApiError(error)).toBe(error);
  });
});

describe('words beside fields', () => {
  const failed = (...details: { field: string; message: string }[]) => new ApiError('validation_failed', 'wrong', 422, 'r', details);

  it.each([
    ['baseUrl', 'baseUrl'],
    ['targets[0].modelCode', ['targets', 0, 'modelCode']],
    ['targets.10.weight', ['targets', 10, 'weight']],
    ['alerts.email', ['alerts', 'email']],
  ])('%s belongs to %j', (field, path) => expect(pathOf(field)).toEqual(path));

  it('stand where the field is, and the rest at the top', () => {
    const error = failed({ field: 'a', message: 'one' }, { field: 'a', message: 'two' }, { field: 'hidden', message: 'three' });
    const { fields, rest } = fieldErrors(error, ['a', 'b']);
    expect(fields).toEqual([{ name: 'a', errors: ['one', 'two'] }]);
    expect(rest?.message).toBe('hidden: three');
    expect(rest?.requestId).toBe('r');
  });

  it('leave nothing for the top when every field is there', () => {
    expect(fieldErrors(failed({ field: 'a', message: 'one' }), ['a']).rest).toBeNull();
  });

  it('without fields are all at the top', () => {
    const { fields, rest } = fieldErrors(new ApiError('conflict', 'taken', 409), ['a']);
    expect(fields).toEqual([]);
    expect(rest?.message).toBe('taken');
  });
});
