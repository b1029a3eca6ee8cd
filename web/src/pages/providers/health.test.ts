import { describe, expect, test } from 'vitest';
import { byUrgency, healthOf, passes, type HealthState, type LiveKey } from './health';

const key = (change: Partial<LiveKey>) =>
  ({ providerCode: 'openai', isActive: true, status: 'normal', inFlight: 0, rpmUsed: 0, ...change }) as LiveKey;
const openai = { providerCode: 'openai', isActive: true };

describe('the health of a provider', () => {
  test.each<[HealthState, LiveKey[]]>([
    ['noKey', []],
    ['noKey', [key({ isActive: false })]],
    ['noKey', [key({ providerCode: 'other' })]],
    ['healthy', [key({}), key({ isActive: false, status: 'invalid' })]],
    ['degraded', [key({}), key({ status: 'cooling' })]],
    ['down', [key({ status: 'invalid' }), key({ status: 'rate_limited' })]],
  ])('is %s by its active keys', (state, keys) => {
    expect(healthOf(openai, keys).state).toBe(state);
  });

  test('is off where the provider is, whatever its keys say', () => {
    const health = healthOf({ ...openai, isActive: false }, [key({}), key({ status: 'invalid' })]);
    expect(health).toMatchObject({ state: 'off', active: 2, usable: 1, troubles: [['invalid', 1]] });
  });

  test('sums what its keys carry', () => {
    const health = healthOf(openai, [key({ inFlight: 2, rpmUsed: 5 }), key({ inFlight: 1 }), key({ providerCode: 'x', inFlight: 9 })]);
    expect(health).toMatchObject({ inFlight: 3, perMinute: 5 });
  });
});

test('filters narrow the list by health', () => {
  const all: HealthState[] = ['healthy', 'degraded', 'down', 'noKey', 'off'];
  const passing = (filter: Parameters<typeof passes>[1]) => all.filter((state) => passes(state, filter));
  expect(passing(undefined)).toEqual(all);
  expect(passing('trouble')).toEqual(['degraded', 'down']);
  expect(passing('ready')).toEqual(['healthy', 'degraded']);
  expect(passing('off')).toEqual(['off']);
});

test('what needs somebody comes first', () => {
  const all: HealthState[] = ['off', 'healthy', 'noKey', 'down', 'degraded'];
  expect(all.sort(byUrgency)).toEqual(['down', 'degraded', 'healthy', 'noKey', 'off']);
});
