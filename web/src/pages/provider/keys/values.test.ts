import { describe, expect, test } from 'vitest';
import type { UpstreamKey } from './state';
import { emptyKey, keyPatch, newKey, readCredentials, valuesOfKey } from './values';

const key = {
  id: 1,
  keyName: 'main',
  credentialKind: 'static',
  rateLimitRpm: 60,
  rateLimitTpm: null,
  rateLimitRpd: 0,
  maxConcurrent: null,
  priority: 100,
  weight: 1,
  baseUrl: 'https://eu.example/v1',
} as UpstreamKey;

describe('a new key', () => {
  test('is its name and its secret, trimmed, with the defaults', () => {
    expect(newKey({ ...emptyKey(), keyName: ' main ', apiKey: ' sk-1 \n' })).toEqual({ keyName: 'main', apiKey: 'sk-1', priority: 100, weight: 1 });
  });

  test('tells unlimited from not known', () => {
    const body = newKey({ ...emptyKey(), rateLimitRpm: 0, rateLimitTpm: null });
    expect(body).toMatchObject({ rateLimitRpm: 0 });
    expect(body).not.toHaveProperty('rateLimitTpm');
  });

  test('of a key service has that credential alone', () => {
    const values = { ...emptyKey(), credentialKind: 'remote' as const, apiKey: 'left over' };
    const body = newKey({ ...values, remote: { url: ' https://keys.example ', sceneCode: 'chat', backupKey: '', expireSeconds: 600 } });
    expect(body.remote).toEqual({ url: 'https://keys.example', sceneCode: 'chat', expireSeconds: 600 });
    expect(body).not.toHaveProperty('apiKey');
  });
});

describe('a change of a key', () => {
  test('is empty where nothing was changed', () => {
    expect(keyPatch(valuesOfKey(key, false), key)).toEqual({});
  });

  test('leaves the credential alone until another is typed', () => {
    expect(keyPatch({ ...valuesOfKey(key, false), apiKey: 'sk-2' }, key)).toEqual({});
    expect(keyPatch({ ...valuesOfKey(key, true), apiKey: 'sk-2' }, key)).toEqual({ apiKey: 'sk-2' });
  });

  test('forgets a limit that was emptied, and its own base URL', () => {
    const values = { ...valuesOfKey(key, false), rateLimitRpm: null, baseUrl: ' ', priority: null };
    expect(keyPatch(values, key)).toEqual({ rateLimitRpm: null, baseUrl: null });
  });
});

describe('a credentials file', () => {
  test('is understood in both spellings', () => {
    const text = '{"client_id":"app","refresh_token":"r","tokenUrl":"https://auth.example/token","access_token":"a"}';
    expect(readCredentials(text)).toEqual({ clientId: 'app', refreshToken: 'r', tokenUrl: 'https://auth.example/token' });
  });

  test.each([
    ['{', 'fileJson'],
    ['[]', 'fileEmpty'],
    ['null', 'fileEmpty'],
    ['{"client_id":"app"}', 'fileEmpty'],
  ])('%s is told %s', (text, why) => {
    expect(readCredentials(text)).toBe(why);
  });
});
