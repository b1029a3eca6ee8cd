import { describe, expect, it } from 'vitest';
import { gravest, type Alert } from './data';
import { factsOf } from './facts';

describe('what an alert tells', () => {
  it('is read as far as it makes sense', () => {
    const payload = { keyId: 3, keyName: 'main', providerId: 'x', reason: null, isWritable: false, keys: [{ keyId: 1 }] };
    expect(factsOf({ payload } as unknown as Alert)).toEqual({ keyId: 3, keyName: 'main', isWritable: false, keys: [{ keyId: 1 }] });
    expect(factsOf({ payload: null } as unknown as Alert)).toEqual({ keys: [] });
  });
});

describe('open alerts', () => {
  it('have the gravest first, then the newest', () => {
    const alert = (id: number, level: Alert['level'], firedAt: string) => ({ id, level, firedAt }) as Alert;
    const sorted = gravest([alert(1, 'info', '2026-11-21T10:00:00Z'), alert(2, 'critical', '2026-11-20T10:00:00Z'), alert(3, 'critical', '2026-11-21T09:00:00Z')]);
    expect(sorted.map(({ id }) => id)).toEqual([3, 2, 1]);
  });
});
