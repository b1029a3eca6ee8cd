import { describe, expect, it } from 'vitest';
import type { Call } from './filter';
import { liveQuery, merged } from './live';

const call = (requestId: string) => ({ requestId }) as Call;
const time = { startDate: '2026-11-15', endDate: '2026-11-21', tz: 'UTC' };

describe('calls that are watched', () => {
  it('stand before the others, each once', () => {
    const calls = merged([call('b'), call('a')], [call('c'), call('b')]);
    expect(calls.map(({ requestId }) => requestId)).toEqual(['c', 'b', 'a']);
  });

  it('are bounded', () => {
    const many = Array.from({ length: 600 }, (_, number) => call(String(number)));
    expect(merged(many, [call('new')])).toHaveLength(500);
  });

  it('are narrowed by the filters, not by time', () => {
    expect(liveQuery({ ...time, status: 'error', providerId: 3, unpriced: true, requestId: 'x' })).toBe('status=error&providerId=3&unpriced=true');
    expect(liveQuery({ ...time, failedKeyId: 7 })).toBe('keyId=7&status=error');
  });
});
