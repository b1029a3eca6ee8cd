import type { ModelRow } from './data';
import type { ModelsSearch } from './search';

/** The rows that an address shows, in its order. */
export function shownRows(rows: readonly ModelRow[], search: ModelsSearch): ModelRow[] {
  const words = (search.q ?? '').toLowerCase().split(/\s+/).filter(Boolean);
  const shown = rows.filter((row) => isShown(row, search, words));
  return search.sort ? shown.sort(orderOf(search.sort, search.down ? -1 : 1)) : shown;
}

function isShown({ model, provider, uses }: ModelRow, search: ModelsSearch, words: string[]): boolean {
  const text = `${provider?.providerCode ?? ''}/${model.modelCode} ${model.modelName}`.toLowerCase();
  return (
    words.every((word) => text.includes(word)) &&
    (search.provider === undefined || model.providerId === search.provider) &&
    (search.type === undefined || model.modelType === search.type) &&
    (search.lifecycle === undefined || model.lifecycle === search.lifecycle) &&
    (search.state === undefined || model.isActive === (search.state === 'on')) &&
    hasMark(search.mark)
  );

  function hasMark(mark: ModelsSearch['mark']): boolean {
    switch (mark) {
      case 'default':
        return model.isDefault;
      case 'unpriced':
        return model.costPer1kPromptTokens == null;
      case 'missing':
        return model.isMissingUpstream;
      case 'inUse':
        return uses.calls > 0;
      case undefined:
        return true;
    }
  }
}

type Comparison = (a: ModelRow, b: ModelRow) => number;

/** What has no value stands last, whichever way the order goes. */
function orderOf(sort: NonNullable<ModelsSearch['sort']>, sign: 1 | -1): Comparison {
  const by = <Value>(value: (row: ModelRow) => Value | null | undefined, compare: (a: Value, b: Value) => number): Comparison =>
    (a, b) => {
      const [one, other] = [value(a), value(b)];
      if (one == null || other == null) return Number(one == null) - Number(other == null);
      return sign * compare(one, other);
    };
  const numbers = (a: number, b: number) => a - b;
  const texts = (a: string, b: string) => a.localeCompare(b, 'en', { numeric: true });
  switch (sort) {
    case 'model':
      return by((row) => row.model.modelCode, texts);
    case 'prompt':
      return by((row) => row.model.costPer1kPromptTokens, numbers);
    case 'completion':
      return by((row) => row.model.costPer1kCompletionTokens, numbers);
    case 'calls':
      return by((row) => row.uses.calls, numbers);
    case 'shutdown':
      return by((row) => row.model.shutdownDate, texts);
  }
}
