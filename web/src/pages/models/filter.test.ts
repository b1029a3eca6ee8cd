import { describe, expect, it } from 'vitest';
import type { ModelRow } from './data';
import { shownRows } from './filter';
import type { Model, Provider } from './uses';

function row(id: number, modelCode: string, change: Partial<Model> = {}, calls = 0): ModelRow {
  const model = { id, modelCode, modelName: modelCode.toUpperCase(), providerId: 1, modelType: 'chat', lifecycle: 'active', isActive: true, costPer1kPromptTokens: id, shutdownDate: null, ...change } as Model;
  return { id, model, provider: { providerCode: 'openai' } as Provider, uses: { isDefault: false, routes: [], calls } };
}

const rows = [
  row(3, 'gpt-10', { isActive: false }),
  row(1, 'gpt-9', { costPer1kPromptTokens: null, lifecycle: 'deprecating', shutdownDate: '2027-01-01' }, 9),
  row(2, 'embed-3', { modelType: 'embedding', isMissingUpstream: true }),
];
const ids = (search: Parameters<typeof shownRows>[1]) => shownRows(rows, search).map(({ id }) => id);

describe('the list of models', () => {
  it('finds every word in code, name or provider', () => {
    expect(ids({ q: 'GPT' })).toEqual([3, 1]);
    expect(ids({ q: 'openai/gpt 9' })).toEqual([1]);
    expect(ids({ q: 'claude' })).toEqual([]);
  });

  it('narrows by each filter', () => {
    expect(ids({ state: 'off' })).toEqual([3]);
    expect(ids({ type: 'embedding' })).toEqual([2]);
    expect(ids({ lifecycle: 'deprecating' })).toEqual([1]);
    expect(ids({ provider: 2 })).toEqual([]);
    expect(ids({ mark: 'unpriced' })).toEqual([1]);
    expect(ids({ mark: 'missing' })).toEqual([2]);
    expect(ids({ mark: 'inUse' })).toEqual([1]);
  });

  it('sorts numbers within names, and keeps what has no value last in both directions', () => {
    expect(ids({ sort: 'model' })).toEqual([2, 1, 3]);
    expect(ids({ sort: 'prompt' })).toEqual([2, 3, 1]);
    expect(ids({ sort: 'prompt', down: true })).toEqual([3, 2, 1]);
    expect(ids({ sort: 'shutdown' })[0]).toBe(1);
  });
});
