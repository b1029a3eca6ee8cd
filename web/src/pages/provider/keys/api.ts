import { api, call } from '@/api/client';
import { useApiMutation, useApiQuery } from '@/api/query';
import type { components } from '@/api/schema';
import { useNow } from '@/app/now';
import type { UpstreamKey } from './state';

export type NewKey = components['schemas']['NewKey'];
export type KeyPatch = components['schemas']['KeyPatch'];
export type Verdict = components['schemas']['VerdictView'];
export type ImportResult = components['schemas']['ImportView'];
type Priority = components['schemas']['KeyPriority'];

/** How often keys are read anew while somebody looks. */
const LIVE_MS = 3_000;

/** A provider's keys with their use, as it is now. */
export function useLiveKeysOf(providerId: number) {
  const read = (signal: AbortSignal) =>
    call(api.GET('/api/admin/ai-providers/{id}/keys', { params: { path: { id: providerId } }, signal }));
  return useApiQuery(['keys', providerId], read, { refetchInterval: LIVE_MS });
}

const changed = [['keys'], ['providers'], ['status'], ['alerts']];
const byId = (id: number) => ({ params: { path: { id } } });

export function useAddKey(providerId: number) {
  return useApiMutation((body: NewKey) => call(api.POST('/api/admin/ai-providers/{id}/keys', { ...byId(providerId), body })), changed);
}

export function useUpdateKey() {
  return useApiMutation(
    ({ id, patch }: { id: number; patch: KeyPatch }) => call(api.PUT('/api/admin/ai-providers/keys/{id}', { ...byId(id), body: patch })),
    changed,
  );
}

export function useDeleteKey() {
  return useApiMutation((id: number) => call(api.DELETE('/api/admin/ai-providers/keys/{id}', byId(id))), changed);
}

/** Asks the provider whether it lets a key in. */
export function useValidateKey() {
  return useApiMutation((id: number) => call(api.POST('/api/admin/ai-providers/keys/{id}/validate', byId(id))), changed);
}

export function useResetKey() {
  return useApiMutation((id: number) => call(api.POST('/api/admin/ai-providers/keys/{id}/reset', byId(id))), changed);
}

export function useImportKeys(providerId: number) {
  return useApiMutation(
    (body: components['schemas']['ImportBody']) => call(api.POST('/api/admin/ai-providers/{id}/keys/import', { ...byId(providerId), body })),
    changed,
  );
}

export function useSetPriorities(providerId: number) {
  return useApiMutation(
    (priorities: Priority[]) =>
      call(api.PUT('/api/admin/ai-providers/{id}/keys/priorities', { ...byId(providerId), body: { priorities } })),
    changed,
  );
}

/** Since when a key is out: its alert tells, where there is one. */
export function useOutSince(key: UpstreamKey) {
  const query = { kind: 'key_unavailable' as const, open: true, pageSize: 200 };
  const read = (signal: AbortSignal) => call(api.GET('/api/admin/alerts', { params: { query }, signal }));
  const isOut = key.isActive && key.status !== 'normal';
  const alerts = useApiQuery(['alerts', query], read, { enabled: isOut, refetchInterval: 15_000 });
  if (!isOut) return null;
  const own = alerts.data?.alerts.find(({ payload }) => (payload as { keyId?: number } | null)?.keyId === key.id);
  return own?.firedAt ?? null;
}

/** Whose calls a key carried in the last 24 hours. */
export function useAppsOf(keyId: number) {
  const end = useNow(300_000);
  const query = { groupBy: 'app' as const, keyId, startDate: new Date(end - 24 * 3_600_000).toISOString() };
  const read = (signal: AbortSignal) => call(api.GET('/api/admin/ai-stats/usage', { params: { query }, signal }));
  return useApiQuery(['stats', 'usage', query], read, { keep: true });
}
