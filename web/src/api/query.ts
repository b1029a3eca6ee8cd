import {
  QueryClient,
  type QueryKey,
  type UseMutationResult,
  type UseQueryOptions,
  type UseQueryResult,
  useMutation,
  useQuery,
  useQueryClient,
} from '@tanstack/react-query';
import { asApiError, type ApiError } from './errors';

/** Failures that another try may mend. */
const passing = new Set(['storage_unavailable', 'provider_error']);

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 5_000,
      retry: (failures, thrown) => failures < 1 && passing.has(asApiError(thrown).kind),
      retryDelay: 700,
      networkMode: 'always',
    },
    mutations: { retry: false, networkMode: 'always' },
  },
});

interface Options<Data> extends Pick<UseQueryOptions<Data, ApiError>, 'enabled' | 'refetchInterval' | 'staleTime'> {
  /** Shows what was there while the next page or filter is on its way; only what was asked for with such a key. */
  keep?: true | ((previous: QueryKey) => boolean);
}

function isKept(keep: NonNullable<Options<unknown>['keep']>, before: QueryKey | undefined): boolean {
  return keep === true || (before !== undefined && keep(before));
}

/** Reads: `useApiQuery(['providers'], (signal) => call(api.GET('/api/admin/ai-providers', { signal })))`. */
export function useApiQuery<Data>(
  key: QueryKey,
  read: (signal: AbortSignal) => Promise<Data>,
  { keep, ...options }: Options<Data> = {},
): UseQueryResult<Data, ApiError> {
  return useQuery<Data, ApiError>({
    queryKey: key,
    queryFn: ({ signal }) => read(signal),
    ...(keep ? { placeholderData: (data, before) => (isKept(keep, before?.queryKey) ? data : undefined) } : {}),
    ...options,
  });
}

/** Changes; whatever begins with one of the keys of `refreshes` is read anew before the promise resolves. */
export function useApiMutation<Input, Data>(
  change: (input: Input) => Promise<Data>,
  refreshes: QueryKey[] = [],
): UseMutationResult<Data, ApiError, Input> {
  const client = useQueryClient();
  return useMutation<Data, ApiError, Input>({
    mutationFn: change,
    onSuccess: async () => {
      await Promise.all(refreshes.map((queryKey) => client.invalidateQueries({ queryKey })));
    },
  });
}
