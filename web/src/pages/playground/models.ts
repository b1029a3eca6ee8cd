import { api, call } from '@/api/client';
import { useApiQuery } from '@/api/query';
import type { components } from '@/api/schema';

export type UsableModel = components['schemas']['UsableModelView'];

/** Kinds of models that answer chats, as far as is known. */
const chatty = new Set(['chat', 'other']);

/** The models and routes that this person may ask. */
export function useChatModels() {
  const models = useApiQuery(['usable-models'], (signal) => call(api.GET('/api/ai/models', { signal })), { staleTime: 30_000 });
  return { ...models, data: models.data?.filter((model) => chatty.has(model.modelType)) };
}

/** The one to begin with: a provider's default, else the first. */
export function firstModel(models: readonly UsableModel[]): string | undefined {
  return (models.find((model) => model.isDefault) ?? models[0])?.id;
}

/** Whether `name` means this model: by its own name, or by its provider's and its own. */
export function isNamed({ id, providerCode, modelCode, isRoute }: UsableModel, name: string): boolean {
  return id === name || (!isRoute && `${providerCode}/${modelCode}` === name);
}
