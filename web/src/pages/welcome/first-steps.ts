import { useQueries } from '@tanstack/react-query';
import { api, call } from '@/api/client';
import { useProviders, useTokens } from '@/api/lists';
import { useApiQuery } from '@/api/query';
import { useCan } from '@/app/session';
import { countOf, doneOf, nextOf, type Done, type StepName } from './steps';

/** How often it is looked whether an app has called, while that is awaited. */
const LOOK_MS = 3000;
/** How many providers' keys are looked at. */
const MOST_PROVIDERS = 8;

export interface FirstSteps {
  done: Done;
  /** The first one that is left. */
  next: StepName | undefined;
  count: number;
  isPending: boolean;
}

/** How far this installation has come, from its real state; for administrators. */
export function useFirstSteps(): FirstSteps {
  const enabled = useCan('write');
  const providers = useProviders();
  const keys = useKeysOf((providers.data ?? []).filter((provider) => provider.isActive && provider.activeKeysCount > 0).map((provider) => provider.id));
  const answered = useApiQuery(
    ['first-answer'],
    (signal) => call(api.GET('/api/admin/ai-stats/logs', { params: { query: { status: 'success', pageSize: 1 } }, signal })),
    { enabled, refetchInterval: ({ state }) => (state.data && state.data.logs.length > 0 ? false : LOOK_MS) },
  );
  const tokens = useAppTokens();
  const done = doneOf({
    activeKeys: providers.data?.reduce((sum, provider) => sum + (provider.isActive ? provider.activeKeysCount : 0), 0),
    hasGoodKey: keys.some((key) => key.isActive && key.status === 'normal' && key.lastValidatedAt != null),
    hasAnswer: answered.data && answered.data.logs.length > 0,
    tokens: tokens.data?.length,
    hasAppCall: tokens.data?.some((token) => token.lastUsedAt != null),
  });
  const isPending = enabled && (providers.isPending || answered.isPending || tokens.isPending);
  return { done, next: nextOf(done), count: countOf(done), isPending };
}

/** App tokens, read again and again until one was used. */
function useAppTokens() {
  const enabled = useCan('access');
  const shared = useTokens();
  const isAwaited = (shared.data ?? []).length > 0 && !shared.data?.some((token) => token.lastUsedAt != null);
  useApiQuery(['tokens'], (signal) => call(api.GET('/api/admin/app-tokens', { signal })), {
    enabled,
    refetchInterval: isAwaited ? LOOK_MS : false,
  });
  return shared;
}

/** The keys of these providers, as far as they are read. */
export function useKeysOf(providers: readonly number[]) {
  const all = useQueries({
    queries: providers.slice(0, MOST_PROVIDERS).map((id) => ({
      queryKey: ['keys', id],
      queryFn: ({ signal }: { signal: AbortSignal }) =>
        call(api.GET('/api/admin/ai-providers/{id}/keys', { params: { path: { id } }, signal })),
    })),
  });
  return all.flatMap((query) => query.data ?? []);
}
