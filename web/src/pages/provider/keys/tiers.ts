/** Keys of one priority share the load; the next tier waits until all of them are out. */
export type Tiers = number[][];

interface Ranked {
  id: number;
  priority: number;
}

/** Keys by their priority, highest first. */
export function tiersOf(keys: readonly Ranked[]): Tiers {
  const byPriority = new Map<number, number[]>();
  for (const { id, priority } of [...keys].sort((one, other) => other.priority - one.priority || one.id - other.id)) {
    const tier = byPriority.get(priority);
    if (tier) tier.push(id);
    else byPriority.set(priority, [id]);
  }
  return [...byPriority.values()];
}

/** Where a key is put: into a tier, or between two as one of its own. */
export type Place = { into: number } | { before: number };

/** The tiers with the key at another place; places are counted before the move. */
export function place(tiers: Tiers, id: number, to: Place): Tiers {
  const without = tiers.map((tier) => tier.filter((each) => each !== id));
  if ('into' in to) {
    return without.map((tier, index) => (index === to.into ? [...tier, id] : tier)).filter((tier) => tier.length > 0);
  }
  const next = [...without];
  next.splice(to.before, 0, [id]);
  return next.filter((tier) => tier.length > 0);
}

/** One step: out of a shared tier into one of its own, or from there into its neighbour. */
export function step(tiers: Tiers, id: number, direction: 'up' | 'down'): Tiers {
  const at = tiers.findIndex((tier) => tier.includes(id));
  const tier = tiers[at];
  if (!tier) return tiers;
  if (tier.length > 1) return place(tiers, id, { before: direction === 'up' ? at : at + 1 });
  const into = direction === 'up' ? at - 1 : at + 1;
  return into < 0 || into >= tiers.length ? tiers : place(tiers, id, { into });
}

/** What the API is told: the first tier has at least the priority of new keys (100), each next one ten less. */
export function prioritiesOf(tiers: Tiers): { keyId: number; priority: number }[] {
  const top = Math.max(10, tiers.length) * 10;
  return tiers.flatMap((tier, index) => tier.map((keyId) => ({ keyId, priority: top - index * 10 })));
}

/** Whether two orders mean the same. */
export function sameTiers(one: Tiers, other: Tiers): boolean {
  const text = (tiers: Tiers) => JSON.stringify(tiers.map((tier) => [...tier].sort((a, b) => a - b)));
  return text(one) === text(other);
}
