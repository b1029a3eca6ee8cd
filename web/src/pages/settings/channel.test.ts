import { describe, expect, it } from 'vitest';
import { ApiError } from '@/api/errors';
import type { Email, Settings, Webhook } from './api';
import { lockOf } from './api';
import { channelsOf, underPrefix, webhooksWith, webhooksWithout, withoutEmptySecrets } from './channel';
import { validateSearch } from './search';

const hook = (name: string) =>
  ({ name, type: 'slack', url: 'https://hooks.slack.com/****', isActive: true, levels: [], kinds: [] }) as unknown as Webhook;

describe('channels', () => {
  it('are one list of webhooks and email', () => {
    const email = { to: ['a@x', 'b@x'], isActive: false, levels: ['critical'], kinds: [] } as unknown as Email;
    const all = channelsOf({ webhooks: [hook('ops')], email });
    expect(all.map(({ name, kind, target }) => [name, kind, target])).toEqual([
      ['ops', 'slack', 'https://hooks.slack.com/****'],
      ['email', 'email', 'a@x, b@x'],
    ]);
    expect(channelsOf({ webhooks: [], email: null })).toEqual([]);
  });

  it('are sent by name alone where they stay', () => {
    const stored = [hook('a'), hook('b')];
    expect(webhooksWith(stored, { name: 'b', isActive: false })).toEqual({ list: [{ name: 'a' }, { name: 'b', isActive: false }], index: 1 });
    expect(webhooksWith(stored, { name: 'c' }).index).toBe(2);
    expect(webhooksWithout(stored, 'a')).toEqual([{ name: 'b' }]);
  });

  it('keep a secret that was left empty', () => {
    expect(withoutEmptySecrets({ name: 'a', url: '', secret: undefined }, ['url', 'secret'])).toEqual({ name: 'a' });
    expect(withoutEmptySecrets({ url: 'https://x' }, ['url'])).toEqual({ url: 'https://x' });
  });

  it('tell a refusal by the names of their form', () => {
    const error = new ApiError('validation_failed', 'm', 422, 'r', [
      { field: 'alerts.webhooks[1].url', message: 'bad' },
      { field: 'alerts.webhooks', message: 'too many' },
    ]);
    expect(underPrefix(error, 'alerts.webhooks[1]').details.map((detail) => detail.field)).toEqual(['url', 'alerts.webhooks']);
  });
});

it('a field knows what locks it', () => {
  const settings = { locked: [{ field: 'corsOrigins', by: 'CORS_ORIGINS' }] } as Settings;
  expect(lockOf(settings, 'corsOrigins')).toBe('CORS_ORIGINS');
  expect(lockOf(settings, 'defaultProvider')).toBeUndefined();
});

it('the address names the section', () => {
  expect(validateSearch({ section: 'load', channel: 'ops' })).toEqual({ section: 'load', channel: 'ops' });
  expect(validateSearch({ section: 'x' })).toEqual({});
});
