/** Why an attempt went where it did, as facts that a screen can word in any language. */

export interface Target {
  providerCode?: string | null;
  modelCode?: string | null;
}

export interface SkippedKey {
  keyId: number;
  keyName: string;
  reason: string;
  availableAt?: string | null;
}

/** What the engine records of an attempt; see `gateway/src/why.rs`. */
export interface Routing {
  alias?: string;
  targets?: Target[];
  leftOut?: (Target & { reason: string; message?: string })[];
  after?: string;
  by?: string;
  passedOver?: (Target & { reason: string; skipped?: SkippedKey[] })[];
  skipped?: SkippedKey[];
  skippedMore?: number;
  waitedMs?: number;
  then?: Routing;
}

/** One sentence to be: its key below `logs:why`, and what it names. */
export type Fact =
  | { say: 'route'; alias: string; way: string[] }
  | { say: 'targets'; way: string[] }
  | { say: 'leftOut'; target: string; reason: string; message: string }
  | { say: 'after'; failure: string; by: 'same_key' | 'another_key' | 'next_target' }
  | { say: 'passedOver'; target: string; reason: string }
  | { say: 'skipped'; key: SkippedKey }
  | { say: 'skippedMore'; count: number }
  | { say: 'waited'; ms: number };

/** A target as people write it: `openai/gpt-4o`. */
export function targetName({ providerCode, modelCode }: Target): string {
  return [providerCode, modelCode].filter(Boolean).join('/');
}

/** What was recorded, in the order in which it came to pass. */
export function factsOf(routing: Routing): Fact[] {
  const facts: Fact[] = [];
  const way = (routing.targets ?? []).map(targetName);
  if (routing.alias !== undefined && way.length > 0) facts.push({ say: 'route', alias: routing.alias, way });
  else if (way.length > 0) facts.push({ say: 'targets', way });
  for (const one of routing.leftOut ?? []) {
    facts.push({ say: 'leftOut', target: targetName(one), reason: one.reason, message: one.message ?? '' });
  }
  if (routing.after) facts.push({ say: 'after', failure: routing.after, by: stepOf(routing.by) });
  for (const one of routing.passedOver ?? []) {
    facts.push({ say: 'passedOver', target: targetName(one), reason: one.reason });
    for (const key of one.skipped ?? []) facts.push({ say: 'skipped', key });
  }
  for (const key of routing.skipped ?? []) facts.push({ say: 'skipped', key });
  if (routing.skippedMore) facts.push({ say: 'skippedMore', count: routing.skippedMore });
  if (routing.waitedMs) facts.push({ say: 'waited', ms: routing.waitedMs });
  return routing.then ? [...facts, ...factsOf(routing.then)] : facts;
}

function stepOf(by: string | undefined): 'same_key' | 'another_key' | 'next_target' {
  return by === 'another_key' || by === 'next_target' ? by : 'same_key';
}
