import type { components } from '@/api/schema';

type UsageRow = components['schemas']['UsageRow'];

/** What a provider carried. */
export interface Traffic {
  calls: number;
  /** The share of calls that went well; null where there were none. */
  success: number | null;
}

/** What each provider carried, by its id; the API tells ids of groups as they are, be they numbers. */
export function trafficById(rows: readonly UsageRow[]): Map<string, Traffic> {
  return new Map(rows.map((row) => [String(row.key), trafficOf(row)]));
}

function trafficOf({ totalRequests, successCount }: UsageRow): Traffic {
  return { calls: totalRequests, success: totalRequests > 0 ? successCount / totalRequests : null };
}
