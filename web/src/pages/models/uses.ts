import type { components } from '@/api/schema';

export type Model = components['schemas']['ModelView'];
export type Provider = components['schemas']['ProviderView'];
export type Route = components['schemas']['RouteView'];

/** What would miss a model if it went. */
export interface Uses {
  /** It answers calls to its provider that name no model. */
  isDefault: boolean;
  /** Routes that lead to it and are on. */
  routes: Route[];
  /** Calls of the last 30 days under its code. */
  calls: number;
}

/** What callers write to mean this model and no other one of the same code. */
export function askedAs({ modelCode }: Pick<Model, 'modelCode'>, provider: Pick<Provider, 'providerCode'> | undefined): string {
  return provider ? `${provider.providerCode}/${modelCode}` : modelCode;
}

/** What uses `model`, by what is known of routes and calls; both may still be on their way. */
export function usesOf(
  model: Model,
  provider: Provider | undefined,
  routes: readonly Route[] | undefined,
  calls: ReadonlyMap<string, number> | undefined,
): Uses {
  const leads = (route: Route) =>
    route.isActive &&
    route.targets.some(
      (target) => target.providerCode === provider?.providerCode && target.modelCode === model.modelCode,
    );
  return {
    isDefault: model.isDefault,
    routes: (routes ?? []).filter(leads),
    calls: calls?.get(model.modelCode) ?? 0,
  };
}

export function isUsed(uses: Uses): boolean {
  return uses.isDefault || uses.routes.length > 0 || uses.calls > 0;
}

const DAY_MS = 86_400_000;

/** Whole days from the day of `nowMs` (UTC, as providers name days) until `date`; negative once it is over. */
export function daysUntil(date: string, nowMs: number): number {
  const today = Math.floor(nowMs / DAY_MS);
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MS) - today;
}

/** Whether a model is on and its end is announced, near or over. */
export function isRetiring(model: Model, nowMs: number): boolean {
  if (!model.isActive) return false;
  if (model.lifecycle !== 'active') return true;
  return model.shutdownDate != null && daysUntil(model.shutdownDate, nowMs) <= 90;
}

/** Retiring models that something uses, the most urgent first: those without a date after those with one. */
export function warningsOf<Row extends { model: Model; uses: Uses }>(rows: readonly Row[], nowMs: number): Row[] {
  const end = ({ model }: Row) => model.shutdownDate ?? (model.lifecycle === 'retired' ? '0000' : '9999');
  return rows
    .filter(({ model, uses }) => isRetiring(model, nowMs) && isUsed(uses))
    .sort((a, b) => end(a).localeCompare(end(b)) || b.uses.calls - a.uses.calls);
}
