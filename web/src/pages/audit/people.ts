import { api, call } from '@/api/client';
import { useApiQuery } from '@/api/query';

/** Users to choose from. */
export function useUsersForFilter(): { value: number; label: string }[] {
  const users = useApiQuery(['users'], (signal) => call(api.GET('/api/admin/users', { signal })));
  return (users.data ?? []).map((user) => ({ value: user.id, label: user.username }));
}
