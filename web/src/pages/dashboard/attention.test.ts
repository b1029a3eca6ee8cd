import { describe, expect, it } from 'vitest';
import { troublesOf } from './attention';
import type { Alert, Status } from './data';

const key = (keyId: number, status: string) => ({ keyId, keyName: `key-${keyId}`, providerId: 3, providerCode: 'openai', status });
const status = (...keys: ReturnType<typeof key>[]) => ({ keyDetails: keys }) as unknown as Status;
const alert = (id: number, kind: Alert['kind'], level: Alert['level'], payload: object = {}) =>
  ({ id, kind, level, subject: `alert ${id}`, message: 'why', payload, firedAt: `2026-11-21T10:00:0${id}Z` }) as unknown as Alert;

describe('what needs attention', () => {
  it('is nothing while every key is normal and no alert is open', () => {
    expect(troublesOf(status(key(1, 'normal')), [])).toEqual([]);
    expect(troublesOf(undefined, [])).toEqual([]);
  });

  it('tells a key and its alert once, and leads to where it is mended', () => {
    const alerts = [alert(1, 'key_unavailable', 'warning', { keyId: 7, providerId: 3 })];
    const [trouble, ...rest] = troublesOf(status(key(7, 'quota_exceeded')), alerts);
    expect(rest).toEqual([]);
    expect(trouble).toMatchObject({ state: 'quota_exceeded', since: '2026-11-21T10:00:01Z', mend: { to: '/providers/3/keys', search: { key: 7 } } });
  });

  it('has the worst first, and what passes by itself last', () => {
    const alerts = [alert(1, 'error_rate', 'warning'), alert(2, 'provider_without_key', 'critical', { providerId: 3 })];
    const found = troublesOf(status(key(5, 'rate_limited'), key(6, 'invalid')), alerts);
    expect(found.map(({ id }) => id)).toEqual(['alert-2', 'key-6', 'alert-1', 'key-5']);
  });

  it('leads to the page that mends each kind', () => {
    const to = (kind: Alert['kind'], payload: object) => troublesOf(undefined, [alert(1, kind, 'warning', payload)])[0]?.mend;
    expect(to('budget_spent', { appId: 4 })).toEqual({ to: '/tokens', search: { token: 4 } });
    expect(to('model_shutdown', { modelId: 9 })).toEqual({ to: '/models/9' });
    expect(to('model_unpriced', { modelCode: 'gpt-9' })).toEqual({ to: '/models', search: { q: 'gpt-9' } });
    expect(to('records_dropped', {})).toEqual({ to: '/status' });
    expect(to('error_rate', {})).toEqual({ to: '/errors', search: { range: '24h' } });
  });
});
