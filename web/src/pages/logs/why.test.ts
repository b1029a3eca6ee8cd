import { describe, expect, it } from 'vitest';
import { factsOf } from './why';

const key = { keyId: 1, keyName: 'main', reason: 'rpm', availableAt: '2026-11-21T10:00:30Z' };

describe('why a call went where it did', () => {
  it('is told in the order in which it came to pass', () => {
    const facts = factsOf({
      alias: 'fast',
      targets: [{ providerCode: 'a', modelCode: 'm' }, { providerCode: 'b', modelCode: 'n' }],
      leftOut: [{ providerCode: 'c', modelCode: null, reason: 'not_found', message: 'there is no provider `c`' }],
      after: 'transient',
      by: 'next_target',
      passedOver: [{ providerCode: 'b', modelCode: 'n', reason: 'no_available_key', skipped: [key] }],
      skippedMore: 2,
      waitedMs: 250,
      then: { skipped: [{ ...key, keyName: 'spare' }] },
    });
    expect(facts.map((fact) => fact.say)).toEqual([
      'route', 'leftOut', 'after', 'passedOver', 'skipped', 'skippedMore', 'waited', 'skipped',
    ]);
    expect(facts[0]).toEqual({ say: 'route', alias: 'fast', way: ['a/m', 'b/n'] });
    expect(facts[1]).toMatchObject({ target: 'c', reason: 'not_found' });
    expect(facts[2]).toEqual({ say: 'after', failure: 'transient', by: 'next_target' });
    expect(facts.at(-1)).toMatchObject({ key: { keyName: 'spare' } });
  });

  it('is nothing where nothing was recorded', () => {
    expect(factsOf({})).toEqual([]);
    expect(factsOf({ targets: [{ providerCode: 'a', modelCode: 'm' }] })).toEqual([{ say: 'targets', way: ['a/m'] }]);
  });
});
