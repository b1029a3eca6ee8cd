import type { Alert } from './data';

/** What an alert names, read out of what it tells programs; what is absent is undefined. */
export interface AlertFacts {
  providerId?: number | undefined;
  providerCode?: string | undefined;
  keyId?: number | undefined;
  keyName?: string | undefined;
  status?: string | undefined;
  reason?: string | undefined;
  availableAt?: string | undefined;
  appId?: number | undefined;
  appName?: string | undefined;
  modelId?: number | undefined;
  modelCode?: string | undefined;
  shutdownDate?: string | undefined;
  keysCount?: number | undefined;
  keys: { keyId: number; keyName: string; status: string; availableAt?: string | null }[];
  calls?: number | undefined;
  errors?: number | undefined;
  thresholdPercent?: number | undefined;
  windowSeconds?: number | undefined;
  spentUsd?: number | undefined;
  budgetUsd?: number | undefined;
  costUsd?: number | undefined;
  keptUsd?: number | undefined;
  backlogRecords?: number | undefined;
  backlogBytes?: number | undefined;
  maxBytes?: number | undefined;
  oldestAt?: string | undefined;
  isWritable?: boolean | undefined;
  isShipping?: boolean | undefined;
  dropped?: number | undefined;
  rejected?: number | undefined;
}

const numbers = [
  'providerId', 'keyId', 'appId', 'modelId', 'keysCount', 'calls', 'errors', 'thresholdPercent', 'windowSeconds', 'spentUsd', 'budgetUsd',
  'costUsd', 'keptUsd', 'backlogRecords', 'backlogBytes', 'maxBytes', 'dropped', 'rejected',
] as const;
const texts = ['providerCode', 'keyName', 'status', 'reason', 'availableAt', 'appName', 'modelCode', 'shutdownDate', 'oldestAt'] as const;
const flags = ['isWritable', 'isShipping'] as const;

/** Reads an alert's payload; older servers may tell less. */
export function factsOf(alert: Pick<Alert, 'payload'>): AlertFacts {
  const told = (alert.payload ?? {}) as Record<string, unknown>;
  const pick = <Value>(names: readonly string[], is: (value: unknown) => value is Value) =>
    Object.fromEntries(names.filter((name) => is(told[name])).map((name) => [name, told[name]]));
  return {
    ...pick(numbers, (value): value is number => typeof value === 'number'),
    ...pick(texts, (value): value is string => typeof value === 'string' && value !== ''),
    ...pick(flags, (value): value is boolean => typeof value === 'boolean'),
    keys: Array.isArray(told.keys) ? (told.keys as AlertFacts['keys']) : [],
  };
}
