import { describe, expect, it } from 'vitest';
import { fullness, jobState, journalState, keysOf, type Job, type Journal, type Status } from './data';

const journal: Journal = {
  backlogBytes: 0, backlogRecords: 0, oldestAt: null, usedBytes: 10, maxBytes: 100, dropped: 0, rejected: 0, isFull: false,
  isWritable: true, isShipping: true,
};

describe('the journal', () => {
  it('is well, in need of a look, or down', () => {
    const cases: [Partial<Journal>, string][] = [
      [{}, 'healthy'],
      [{ isShipping: false }, 'degraded'],
      [{ dropped: 1 }, 'degraded'],
      [{ rejected: 1 }, 'degraded'],
      [{ usedBytes: 60 }, 'degraded'],
      [{ isFull: true }, 'down'],
      [{ isWritable: false }, 'down'],
    ];
    for (const [change, expected] of cases) expect(journalState({ ...journal, ...change }), JSON.stringify(change)).toBe(expected);
    expect(fullness({ ...journal, maxBytes: 0 })).toBe(0);
  });
});

describe('a job', () => {
  it('runs, or says how it went', () => {
    const job = (change: Partial<Job>) => ({ holder: null, isOk: null, ...change }) as Job;
    expect([job({}), job({ isOk: true }), job({ isOk: false }), job({ isOk: true, holder: 'x' })].map(jobState)).toEqual(['waiting', 'success', 'failed', 'running']);
  });
});

describe('keys', () => {
  it('that are out stand first, and alone where asked', () => {
    const key = (keyName: string, status: string, providerId = 1) => ({ keyName, status, providerId });
    const status = { keyDetails: [key('b', 'normal'), key('a', 'normal'), key('z', 'invalid'), key('x', 'normal', 2)] } as Status;
    expect(keysOf(status, 1, false).map((each) => each.keyName)).toEqual(['z', 'a', 'b']);
    expect(keysOf(status, 1, true).map((each) => each.keyName)).toEqual(['z']);
  });
});
