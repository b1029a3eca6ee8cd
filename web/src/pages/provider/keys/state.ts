import type { components } from '@/api/schema';

export type UpstreamKey = components['schemas']['KeyView'];

/** What the screen says of a key: its status, or why that does not count. */
export type KeyState = UpstreamKey['status'] | 'off' | 'unvalidated';

/** How a key stands: switched off goes before everything; a new one that nobody tried is not yet "normal". */
export function stateOf(key: Pick<UpstreamKey, 'isActive' | 'status' | 'lastUsedAt' | 'lastValidatedAt'>): KeyState {
  if (!key.isActive) return 'off';
  if (key.status === 'normal' && !key.lastUsedAt && !key.lastValidatedAt) return 'unvalidated';
  return key.status;
}

/** What a person can do about a key. */
export type Remedy = 'validate' | 'reset' | 'replace' | 'switchOn';

const remedies: Record<KeyState, readonly Remedy[]> = {
  normal: [],
  unvalidated: ['validate'],
  rate_limited: ['reset'],
  cooling: ['validate', 'reset'],
  quota_exceeded: ['replace', 'validate'],
  invalid: ['replace', 'validate'],
  undecryptable: ['replace'],
  off: ['switchOn'],
};

/** What helps in that state, the most likely first. */
export function remediesOf(state: KeyState): readonly Remedy[] {
  return remedies[state];
}

/** Until when a key rests; null where it does not. */
export function restsUntil(key: Pick<UpstreamKey, 'isActive' | 'status' | 'coolingUntil'>): string | null {
  return key.isActive && key.status !== 'normal' ? (key.coolingUntil ?? null) : null;
}

/** What the list can be narrowed to. */
export const keyFilters = ['usable', 'trouble', 'off'] as const;
export type KeyFilter = (typeof keyFilters)[number];

/** Whether a key in that state passes. */
export function passes(state: KeyState, filter: KeyFilter | undefined): boolean {
  if (!filter) return true;
  if (state === 'off') return filter === 'off';
  const isUsable = state === 'normal' || state === 'unvalidated';
  return filter === (isUsable ? 'usable' : 'trouble');
}

/** Whether every key that is on is out, so that nothing carries calls. */
export function allOut(keys: readonly UpstreamKey[]): boolean {
  const active = keys.filter((key) => key.isActive);
  return active.length > 0 && active.every((key) => key.status !== 'normal');
}

/** A limit with what was used of it. */
export interface Use {
  name: 'rpm' | 'tpm' | 'rpd' | 'concurrent';
  used: number;
  limit: number | null;
  /** The provider told it, rather than an operator. */
  isLearned: boolean;
}

/** What was used of each limit. Requests under way are told only where they are limited. */
export function usesOf(key: Pick<UpstreamKey, 'headroom' | 'rpmUsed' | 'tpmUsed' | 'rpdUsed' | 'inFlight'>): Use[] {
  const used = { rpm: key.rpmUsed, tpm: key.tpmUsed, rpd: key.rpdUsed, concurrent: key.inFlight };
  const all = (['rpm', 'tpm', 'rpd', 'concurrent'] as const).map((name) => ({
    name,
    used: used[name],
    limit: key.headroom[name].limit ?? null,
    isLearned: key.headroom[name].isLearned,
  }));
  return all.filter(({ name, limit }) => name !== 'concurrent' || limit !== null);
}
