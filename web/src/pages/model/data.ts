import { useMemo } from 'react';
import { api, call } from '@/api/client';
import { useProviders, useRoutes, useTokens } from '@/api/lists';
import { useApiMutation, useApiQuery } from '@/api/query';
import type { components } from '@/api/schema';
import { useNow } from '@/app/now';
import type { ModelRow } from '../models/data';
import { usesOf } from '../models/uses';
import { versionsOf } from './versions';

export type NewPrice = components['schemas']['NewPrice'];
export type Repriced = components['schemas']['RepriceView'];
export type RepriceBody = components['schemas']['RepriceBody'];
export type UsageRow = components['schemas']['UsageRow'];

const atModel = (id: number) => ({ params: { path: { id } } });

/** One model with its provider and what uses it. */
export function useModelRow(id: number) {
  const model = useApiQuery(['model', id], (signal) => call(api.GET('/api/admin/ai-models/{id}', { ...atModel(id), signal })));
  const providers = useProviders();
  const routes = useRoutes();
  const provider = providers.data?.find((each) => each.id === model.data?.providerId);
  const callers = useCallers(model.data?.modelCode, model.data?.providerId);
  const row = useMemo((): ModelRow | undefined => {
    if (!model.data) return undefined;
    const calls = callers.data?.reduce((sum, each) => sum + each.totalRequests, 0) ?? 0;
    const uses = usesOf(model.data, provider, routes.data, new Map([[model.data.modelCode, calls]]));
    return { id, model: model.data, provider, uses };
  }, [id, model.data, provider, routes.data, callers.data]);
  return { query: model, row, callers };
}

/** Who called a model in the last 30 days, app by app. */
function useCallers(model: string | undefined, providerId: number | undefined) {
  return useApiQuery(
    ['stats', 'usage', { groupBy: 'app', model, providerId }],
    (signal) =>
      call(
        api.GET('/api/admin/ai-stats/usage', {
          signal,
          params: { query: { groupBy: 'app', ...(model ? { model } : {}), ...(providerId ? { providerId } : {}) } },
        }),
      ),
    { enabled: model !== undefined, staleTime: 60_000 },
  );
}

/** App tokens that name a model, or an alias of its routes; none for those who may not see tokens. */
export function useNamingTokens({ model, provider, uses }: ModelRow) {
  const tokens = useTokens();
  const names = [model.modelCode, `${provider?.providerCode ?? ''}/${model.modelCode}`, ...uses.routes.map(({ alias }) => alias)];
  return (tokens.data ?? []).filter((token) => token.allowedModels.some((name) => names.includes(name)));
}

/** The versions of a model's prices, the newest first. */
export function useVersions(id: number) {
  const now = useNow(60_000);
  const query = useApiQuery(['model', id, 'prices'], (signal) =>
    call(api.GET('/api/admin/ai-models/{id}/prices', { ...atModel(id), signal })),
  );
  const versions = useMemo(() => query.data && versionsOf(query.data, now), [query.data, now]);
  return { query, versions };
}

export function useSetPrice(id: number) {
  return useApiMutation(
    (body: NewPrice) => call(api.POST('/api/admin/ai-models/{id}/prices', { ...atModel(id), body })),
    [['model', id], ['models']],
  );
}

/** What pricing past calls again would change. */
export function lookAtReprice(id: number, body: Omit<RepriceBody, 'dryRun'>, signal: AbortSignal): Promise<Repriced> {
  return call(api.POST('/api/admin/ai-models/{id}/reprice', { ...atModel(id), body: { ...body, dryRun: true }, signal }));
}

/** Prices the next of the past calls again; its answer tells where to go on. */
export function reprice(id: number, from: string, to: string, signal: AbortSignal): Promise<Repriced> {
  return call(api.POST('/api/admin/ai-models/{id}/reprice', { ...atModel(id), body: { from, to }, signal }));
}
