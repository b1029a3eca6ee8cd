import type { components } from '@/api/schema';

export type Route = components['schemas']['RouteView'];
export type Target = components['schemas']['RouteTarget'];
export type FallbackOn = Route['fallbackOn'][number];

/** The most targets that a route has. */
export const MAX_TARGETS = 20;

export const fallbacks = ['failure', 'context_too_long', 'content_refused'] as const satisfies FallbackOn[];

/** A target while it is typed. */
export interface DraftTarget {
  providerCode?: string | null;
  modelCode?: string | null;
  weight?: number | null;
}

/** Targets that can be sent: both names there, and none twice; null while that is not so. */
export function complete(drafts: readonly (DraftTarget | undefined)[] | undefined): Target[] | null {
  const targets: Target[] = [];
  for (const draft of drafts ?? []) {
    const [providerCode, modelCode] = [draft?.providerCode ?? '', draft?.modelCode?.trim() ?? ''];
    if (providerCode === '' || modelCode === '' || placeOf(targets, providerCode, modelCode) >= 0) return null;
    targets.push({ providerCode, modelCode, weight: draft?.weight ?? 0 });
  }
  return targets.length > 0 ? targets : null;
}

function placeOf(targets: readonly DraftTarget[], providerCode: string, modelCode: string): number {
  return targets.findIndex((target) => target.providerCode === providerCode && target.modelCode?.trim() === modelCode);
}

/** Whether an earlier target is the same. */
export function isTwice(drafts: readonly (DraftTarget | undefined)[], place: number): boolean {
  const target = drafts[place];
  if (!target?.providerCode || !target.modelCode) return false;
  const before = drafts.slice(0, place).map((draft) => draft ?? {});
  return placeOf(before, target.providerCode, target.modelCode.trim()) >= 0;
}

/** Each target's part of the first tries: by weight, or all of them at the first where none has a weight. */
export function sharesOf(targets: readonly DraftTarget[]): number[] {
  const total = targets.reduce((sum, target) => sum + (target.weight ?? 0), 0);
  return targets.map((target, place) => (total > 0 ? (target.weight ?? 0) / total : place === 0 ? 1 : 0));
}

/** `provider/model`, as far as it is typed. */
export function nameOf(target: DraftTarget | undefined): string {
  return [target?.providerCode, target?.modelCode].filter(Boolean).join('/');
}

/** A name that no route has yet: fast-copy, fast-copy-2. */
export function freeAlias(wanted: string, routes: readonly Route[]): string {
  const taken = new Set(routes.map((route) => route.alias));
  for (let number = 1; ; number += 1) {
    const alias = number === 1 ? wanted : `${wanted}-${number}`;
    if (!taken.has(alias)) return alias;
  }
}
