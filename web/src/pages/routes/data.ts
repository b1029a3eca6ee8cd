import { useQuery } from '@tanstack/react-query';
import { api, call } from '@/api/client';
import type { ApiError } from '@/api/errors';
import { useApiMutation } from '@/api/query';
import type { components } from '@/api/schema';
import type { Target } from './targets';

export type NewRoute = components['schemas']['NewRoute'];
export type RoutePatch = components['schemas']['RoutePatch'];
export type Outlook = components['schemas']['TargetOutlook'];
export type Trial = components['schemas']['RouteTestView'];

const refreshed = [['routes']];

export function useCreateRoute() {
  return useApiMutation((body: NewRoute) => call(api.POST('/api/admin/ai-routes', { body })), refreshed);
}

export function useChangeRoute() {
  return useApiMutation(
    ({ id, body }: { id: number; body: RoutePatch }) => call(api.PUT('/api/admin/ai-routes/{id}', { params: { path: { id } }, body })),
    refreshed,
  );
}

export function useDeleteRoute() {
  return useApiMutation((id: number) => call(api.DELETE('/api/admin/ai-routes/{id}', { params: { path: { id } } })), refreshed);
}

/** Asks every target, for real. */
export function useTrial() {
  return useApiMutation((body: { targets: Target[]; prompt?: string }) => call(api.POST('/api/admin/ai-routes/test', { body })));
}

/** Where calls to these targets would go now; looked at again while it is on the screen. */
export function useOutlook(targets: Target[] | null) {
  return useQuery<Outlook[], ApiError>({
    queryKey: ['outlook', targets],
    queryFn: ({ signal }) => call(api.POST('/api/admin/ai-routes/outlook', { body: { targets: targets ?? [] }, signal })),
    enabled: targets !== null,
    refetchInterval: 15_000,
    retry: false,
    networkMode: 'always',
  });
}
