import { useQueryClient } from '@tanstack/react-query';
import { api, call } from '@/api/client';
import { useApiMutation, useApiQuery } from '@/api/query';
import type { components } from '@/api/schema';
import { useNow } from '@/app/now';
import { useCan } from '@/app/session';

export type Preset = components['schemas']['PresetView'];
export type ProviderPatch = components['schemas']['ProviderPatch'];
export type NewProvider = components['schemas']['NewProvider'];
export type Sync = components['schemas']['SyncView'];

/** How often what happens now is read anew. */
const LIVE_MS = 3_000;

/** Every key with its health and use, as it is now. */
export function useLiveKeys() {
  const read = (signal: AbortSignal) => call(api.GET('/loadbalancer/instances', { signal }));
  return useApiQuery(['keys', 'live'], read, { refetchInterval: LIVE_MS });
}

/** What providers carried in the last 24 hours, by their ids. */
export function useTraffic() {
  const end = useNow(300_000);
  const startDate = new Date(end - 24 * 3_600_000).toISOString();
  const query = { groupBy: 'provider' as const, startDate };
  const read = (signal: AbortSignal) => call(api.GET('/api/admin/ai-stats/usage', { params: { query }, signal }));
  return useApiQuery(['stats', 'usage', query], read, { keep: true, staleTime: 60_000 });
}

/** One provider. */
export function useProvider(id: number) {
  const read = (signal: AbortSignal) => call(api.GET('/api/admin/ai-providers/{id}', { params: { path: { id } }, signal }));
  return useApiQuery(['providers', id], read);
}

/** What a new provider may start from. */
export function usePresets(enabled: boolean) {
  const read = (signal: AbortSignal) => call(api.GET('/api/admin/ai-providers/presets', { signal }));
  return useApiQuery(['presets'], read, { enabled, staleTime: Infinity });
}

/** The settings; for administrators. */
export function useSettings() {
  const read = (signal: AbortSignal) => call(api.GET('/api/admin/settings', { signal }));
  return useApiQuery(['settings'], read, { enabled: useCan('access') });
}

const changed = [['providers'], ['keys'], ['models']];

export function useCreateProvider() {
  return useApiMutation((body: NewProvider) => call(api.POST('/api/admin/ai-providers', { body })), changed);
}

export function useUpdateProvider() {
  return useApiMutation(
    ({ id, patch }: { id: number; patch: ProviderPatch }) =>
      call(api.PUT('/api/admin/ai-providers/{id}', { params: { path: { id } }, body: patch })),
    changed,
  );
}

/** Deletes a provider; what is still on the screen of the deleted one is not asked for again. */
export function useDeleteProvider() {
  const client = useQueryClient();
  return useApiMutation(async (id: number) => {
    await call(api.DELETE('/api/admin/ai-providers/{id}', { params: { path: { id } } }));
    const touched = new Set<unknown>([...changed.flat(), 'routes', 'stats', 'status', 'alerts']);
    void client.invalidateQueries({ predicate: ({ queryKey: [name, of] }) => touched.has(name) && of !== id });
  });
}

/** What a sync would change; asked anew each time that the drawer opens. */
export function useSyncPreview(id: number) {
  const params = { path: { id }, query: { dryRun: true } };
  return useApiQuery(
    ['sync', id],
    (signal) => call(api.POST('/api/admin/ai-providers/{id}/sync-models', { params, signal })),
    { staleTime: 0 },
  );
}

export function useSync() {
  return useApiMutation(
    (id: number) => call(api.POST('/api/admin/ai-providers/{id}/sync-models', { params: { path: { id } } })),
    changed,
  );
}
