import { useCan } from '@/app/session';
import { api, call } from './client';
import { useApiQuery } from './query';

/** Lists that many pages choose from; each is read once and shared. */

/** Every provider. */
export function useProviders() {
  return useApiQuery(['providers'], (signal) => call(api.GET('/api/admin/ai-providers', { signal })), { enabled: useCan('read') });
}

/** A provider's keys. */
export function useKeys(providerId: number | undefined) {
  const read = (signal: AbortSignal) =>
    call(api.GET('/api/admin/ai-providers/{id}/keys', { params: { path: { id: providerId ?? 0 } }, signal }));
  return useApiQuery(['keys', providerId], read, { enabled: useCan('read') && providerId !== undefined });
}

/** Every model. */
export function useModels() {
  return useApiQuery(['models', {}], (signal) => call(api.GET('/api/admin/ai-models', { signal })), { enabled: useCan('read') });
}

/** Every route. */
export function useRoutes() {
  return useApiQuery(['routes'], (signal) => call(api.GET('/api/admin/ai-routes', { signal })), { enabled: useCan('read') });
}

/** Every app token; for administrators. */
export function useTokens() {
  return useApiQuery(['tokens'], (signal) => call(api.GET('/api/admin/app-tokens', { signal })), { enabled: useCan('access') });
}

/** Every user; for administrators. */
export function useUsers() {
  return useApiQuery(['users'], (signal) => call(api.GET('/api/admin/users', { signal })), { enabled: useCan('access') });
}
