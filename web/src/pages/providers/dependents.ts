import type { components } from '@/api/schema';
import { useModels, useRoutes } from '@/api/lists';
import { useSettings } from './api';
import type { Provider } from './health';

type Route = components['schemas']['RouteView'];

/** What else is touched when a provider goes. */
export interface Dependents {
  /** Aliases of routes that have it as a target. */
  routes: string[];
  isDefault: boolean;
  models: number;
}

/** The aliases of routes that go to this provider. */
export function routesTo(routes: readonly Route[], code: string): string[] {
  return routes.filter((route) => route.targets.some((target) => target.providerCode === code)).map((route) => route.alias);
}

/** What depends on a provider, as far as it is known yet. */
export function useDependents(provider: Provider | null): Dependents {
  const routes = useRoutes();
  const models = useModels();
  const settings = useSettings();
  return {
    routes: provider ? routesTo(routes.data ?? [], provider.providerCode) : [],
    isDefault: provider !== null && settings.data?.defaultProvider === provider.providerCode,
    models: (models.data ?? []).filter((model) => model.providerId === provider?.id).length,
  };
}
