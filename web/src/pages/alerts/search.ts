import { oneOf, whole, type Raw } from '@/app/search';

export const alertKinds = [
  'key_unavailable', 'provider_without_key', 'error_rate', 'budget_spent', 'journal_backlog', 'records_dropped', 'model_unpriced',
  'model_shutdown', 'cost_above_bound',
] as const;
export const alertLevels = ['critical', 'warning', 'info'] as const;
export type AlertKind = (typeof alertKinds)[number];

/** What the address of the alerts says, beside range and zone. */
export interface AlertsSearch {
  kind?: AlertKind | undefined;
  level?: (typeof alertLevels)[number] | undefined;
  page?: number | undefined;
}

export function validateSearch(raw: Raw): AlertsSearch {
  return { kind: oneOf(raw.kind, alertKinds), level: oneOf(raw.level, alertLevels), page: whole(raw.page) };
}
