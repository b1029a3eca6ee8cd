import { api, call } from '@/api/client';
import { homeOf } from '../pages';
import type { Me } from '../session';

/** Where somebody goes after signing in: an administrator of an instance without any active key to the first steps. */
export async function firstPageOf(me: Me): Promise<string> {
  if (me.role !== 'admin') return homeOf(me.role);
  try {
    const providers = await call(api.GET('/api/admin/ai-providers'));
    return providers.some((each) => each.activeKeysCount > 0) ? homeOf(me.role) : '/welcome';
  } catch {
    // The page itself tells what is wrong.
    return homeOf(me.role);
  }
}
