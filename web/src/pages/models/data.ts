import { useCallback, useMemo } from 'react';
import { api, call } from '@/api/client';
import { useModels, useProviders, useRoutes } from '@/api/lists';
import { useApiMutation, useApiQuery } from '@/api/query';
import type { components } from '@/api/schema';
import { usesOf, type Model, type Provider, type Uses } from './uses';

export type ModelPatch = components['schemas']['ModelPatch'];
export type NewModel = components['schemas']['NewModel'];

/** A model with what the list shows beside its own fields. */
export interface ModelRow {
  id: number;
  model: Model;
  provider: Provider | undefined;
  uses: Uses;
}

/** Calls of the last 30 days by the model's code. */
function useCallsByModel() {
  const query = useApiQuery(
    ['stats', 'usage', { groupBy: 'model' }],
    (signal) => call(api.GET('/api/admin/ai-stats/usage', { signal, params: { query: { groupBy: 'model' } } })),
    { staleTime: 60_000 },
  );
  return useMemo(() => {
    if (!query.data) return undefined;
    return new Map(query.data.map((row) => [row.key ?? '', row.totalRequests]));
  }, [query.data]);
}

/** All models with their providers and uses. The rows are there before calls and routes are. */
export function useModelRows() {
  const models = useModels();
  const providers = useProviders();
  const routes = useRoutes();
  const calls = useCallsByModel();
  const rows = useMemo(() => {
    if (!models.data || !providers.data) return undefined;
    const byId = new Map(providers.data.map((provider) => [provider.id, provider]));
    return models.data.map((model): ModelRow => {
      const provider = byId.get(model.providerId);
      return { id: model.id, model, provider, uses: usesOf(model, provider, routes.data, calls) };
    });
  }, [models.data, providers.data, routes.data, calls]);
  const [readModels, readProviders] = [models.refetch, providers.refetch];
  const retry = useCallback(() => void Promise.all([readModels(), readProviders()]), [readModels, readProviders]);
  return {
    rows,
    error: models.error ?? providers.error,
    isFetching: models.isFetching,
    retry,
    hasCalls: calls !== undefined,
  };
}

/** Who changes a model reads anew what shows it. */
const refreshed = [['models'], ['model'], ['providers']];

export function useCreateModel() {
  return useApiMutation((body: NewModel) => call(api.POST('/api/admin/ai-models', { body })), refreshed);
}

export function useChangeModel() {
  return useApiMutation(
    ({ id, body }: { id: number; body: ModelPatch }) =>
      call(api.PUT('/api/admin/ai-models/{id}', { params: { path: { id } }, body })),
    refreshed,
  );
}

export function useDeleteModel() {
  return useApiMutation(
    (id: number) => call(api.DELETE('/api/admin/ai-models/{id}', { params: { path: { id } } })),
    refreshed,
  );
}
