import { describe, expect, it } from 'vitest';
import { askedAs, daysUntil, isRetiring, isUsed, usesOf, warningsOf, type Model, type Provider, type Route } from './uses';

const now = Date.parse('2026-11-21T23:30:00Z');

function model(change: Partial<Model> = {}): Model {
  return { id: 1, modelCode: 'm', isActive: true, isDefault: false, lifecycle: 'active', shutdownDate: null, ...change } as Model;
}

const provider = { id: 1, providerCode: 'p' } as Provider;

function route(providerCode: string, isActive = true): Route {
  return { alias: 'fast', isActive, targets: [{ providerCode, modelCode: 'm', weight: 0 }] } as Route;
}

describe('uses of a model', () => {
  it('counts active routes that lead to it at its own provider, and calls under its code', () => {
    const uses = usesOf(model(), provider, [route('p'), route('q'), route('p', false)], new Map([['m', 7]]));

    expect([uses.routes.length, uses.calls, isUsed(uses)]).toEqual([1, 7, true]);
    expect(isUsed(usesOf(model(), provider, undefined, undefined))).toBe(false);
    expect(isUsed(usesOf(model({ isDefault: true }), provider, [], new Map()))).toBe(true);
  });
});

describe('retirement', () => {
  it('counts days as providers name them', () => {
    expect(['2026-11-21', '2026-11-22', '2026-11-20'].map((day) => daysUntil(day, now))).toEqual([0, 1, -1]);
  });

  it('concerns models that are on and whose end is announced, near or over', () => {
    const cases: [Partial<Model>, boolean][] = [
      [{}, false],
      [{ lifecycle: 'deprecating' }, true],
      [{ lifecycle: 'retired' }, true],
      [{ lifecycle: 'retired', isActive: false }, false],
      [{ shutdownDate: '2027-02-01' }, true],
      [{ shutdownDate: '2028-02-01' }, false],
    ];
    for (const [change, expected] of cases) expect(isRetiring(model(change), now), JSON.stringify(change)).toBe(expected);
  });

  it('warns of what is in use, the most urgent first', () => {
    const row = (id: number, change: Partial<Model>, calls: number) => ({
      model: model({ id, lifecycle: 'deprecating', ...change }),
      uses: { isDefault: false, routes: [], calls },
    });
    const rows = [
      row(1, {}, 5),
      row(2, { shutdownDate: '2027-01-14' }, 1),
      row(3, { shutdownDate: '2026-12-11' }, 1),
      row(4, { shutdownDate: '2026-12-11' }, 9),
      row(5, { shutdownDate: '2026-12-01' }, 0),
      row(6, { lifecycle: 'retired' }, 1),
    ];

    expect(warningsOf(rows, now).map(({ model }) => model.id)).toEqual([6, 4, 3, 2, 1]);
  });
});

describe('the name to ask a model by', () => {
  it('has its provider before it, since others may have one of the same code', () => {
    expect(askedAs(model(), provider)).toBe('p/m');
    expect(askedAs(model(), undefined)).toBe('m');
  });
});
