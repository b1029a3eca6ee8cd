import type { ModelPatch, NewModel } from './data';
import { perMillion, perThousand } from './rates';
import type { Model } from './uses';

const costs = [
  'costPer1kPromptTokens',
  'costPer1kCompletionTokens',
  'costPer1kCacheReadTokens',
  'costPer1kCacheWriteTokens',
] as const;
type Cost = (typeof costs)[number];

const plain = [
  'modelCode',
  'modelName',
  'modelType',
  'maxInputTokens',
  'maxOutputTokens',
  'supportsStreaming',
  'supportsFunctionCall',
  'supportsVision',
  'isActive',
  'isDefault',
  'lifecycle',
  'shutdownDate',
] as const;
type Plain = (typeof plain)[number];

/** What the form holds: named as the API names it; costs are decimals for a million tokens. */
export type ModelValues = Pick<Model, Plain> &
  Record<Cost, string | null> & { providerId: number | undefined; constraints: Record<string, unknown> };

/** What the form holds at first. */
export function valuesOf(model: Model | null, providerId?: number): ModelValues {
  if (model === null) {
    return {
      providerId,
      modelCode: '',
      modelName: '',
      modelType: 'chat',
      maxInputTokens: null,
      maxOutputTokens: null,
      supportsStreaming: true,
      supportsFunctionCall: false,
      supportsVision: false,
      isActive: true,
      isDefault: false,
      lifecycle: 'active',
      shutdownDate: null,
      constraints: {},
      costPer1kPromptTokens: null,
      costPer1kCompletionTokens: null,
      costPer1kCacheReadTokens: null,
      costPer1kCacheWriteTokens: null,
    };
  }
  const fields = Object.fromEntries(plain.map((name) => [name, model[name]])) as Pick<Model, Plain>;
  const prices = Object.fromEntries(costs.map((name) => [name, perMillion(model[name])])) as Record<Cost, string | null>;
  return { ...fields, ...prices, providerId: model.providerId, constraints: model.constraints };
}

/** A field as the API takes it. */
function sent(values: ModelValues, name: keyof ModelValues): unknown {
  const isCost = (costs as readonly string[]).includes(name);
  return isCost ? perThousand(values[name] as string | null) : values[name];
}

/** A new model; what is empty is left to its default. */
export function bodyOf(values: ModelValues): NewModel {
  const names = Object.keys(values) as (keyof ModelValues)[];
  const given = names.filter((name) => values[name] != null && values[name] !== '');
  return Object.fromEntries(given.map((name) => [name, sent(values, name)])) as unknown as NewModel;
}

/** What was changed, and nothing else: an untouched price makes no new version. */
export function changesOf(before: ModelValues, values: ModelValues): ModelPatch {
  const names = [...plain, ...costs, 'constraints'] as (keyof ModelValues)[];
  const changed = names.filter((name) => JSON.stringify(before[name] ?? null) !== JSON.stringify(values[name] ?? null));
  const body = Object.fromEntries(changed.map((name) => [name, sent(values, name) ?? null])) as ModelPatch;
  // An emptied name is the code again.
  if (body.modelName === '') body.modelName = values.modelCode;
  return body;
}
