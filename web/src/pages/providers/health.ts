import type { components } from '@/api/schema';

export type Provider = components['schemas']['ProviderView'];
/** A key as the load balancer sees it now. */
export type LiveKey = components['schemas']['InstanceView'];

/** How a provider fares. `noKey`: none is active, so nothing can be wrong with one. */
export type HealthState = 'healthy' | 'degraded' | 'down' | 'noKey' | 'off';

export interface Health {
  state: HealthState;
  /** Its active keys, and those of them that carry calls now. */
  active: number;
  usable: number;
  /** What is wrong with the others: how many of each state. */
  troubles: [LiveKey['status'], number][];
  inFlight: number;
  perMinute: number;
}

/** How a provider fares, by its keys. */
export function healthOf(provider: Pick<Provider, 'isActive' | 'providerCode'>, keys: readonly LiveKey[]): Health {
  const active = keys.filter((key) => key.providerCode === provider.providerCode && key.isActive);
  // A provider that is off makes no key healthy; what the keys themselves say still counts.
  const usable = active.filter((key) => key.status === 'normal');
  const troubles = new Map<LiveKey['status'], number>();
  for (const { status } of active) {
    if (status !== 'normal') troubles.set(status, (troubles.get(status) ?? 0) + 1);
  }
  const sum = (figure: (key: LiveKey) => number) => active.reduce((all, key) => all + figure(key), 0);
  return {
    state: stateOf(provider.isActive, active.length, usable.length),
    active: active.length,
    usable: usable.length,
    troubles: [...troubles],
    inFlight: sum((key) => key.inFlight),
    perMinute: sum((key) => key.rpmUsed),
  };
}

function stateOf(isActive: boolean, active: number, usable: number): HealthState {
  if (!isActive) return 'off';
  if (active === 0) return 'noKey';
  if (usable === 0) return 'down';
  return usable < active ? 'degraded' : 'healthy';
}

/** What the list of providers can be narrowed to. */
export const filters = ['trouble', 'ready', 'noKey', 'off'] as const;
export type Filter = (typeof filters)[number];

/** Whether a provider in that state passes the filter. */
export function passes(state: HealthState, filter: Filter | undefined): boolean {
  switch (filter) {
    case 'trouble':
      return state === 'degraded' || state === 'down';
    case 'ready':
      return state === 'healthy' || state === 'degraded';
    case 'noKey':
    case 'off':
      return state === filter;
    default:
      return true;
  }
}

/** Trouble first, then those that work, then the rest; within each as the operator sorted them. */
export function byUrgency(one: HealthState, other: HealthState): number {
  const order: HealthState[] = ['down', 'degraded', 'healthy', 'noKey', 'off'];
  return order.indexOf(one) - order.indexOf(other);
}
