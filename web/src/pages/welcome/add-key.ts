import { api, call } from '@/api/client';
import type { components } from '@/api/schema';
import { codeOf, OWN } from './choices';

export type Verdict = components['schemas']['VerdictView'];

/** What the form of the first step holds. */
export interface KeyValues {
  provider: string;
  other?: string;
  providerName?: string;
  baseUrl?: string;
  apiKey: string;
}

export interface Added {
  providerId: number;
  keyId: number;
  verdict: Verdict;
}

type Preset = components['schemas']['PresetView'];
type Provider = components['schemas']['ProviderView'];

/** Adds a key, making or switching on its provider first, and asks the provider whether the key is good. */
export async function addKey(values: KeyValues, presets: readonly Preset[], providers: readonly Provider[]): Promise<Added> {
  const provider = await readyProvider(values, presets, providers);
  const keys = await call(api.GET('/api/admin/ai-providers/{id}/keys', { params: { path: { id: provider.id } } }));
  const body = { keyName: freeName(keys.map((key) => key.keyName)), apiKey: values.apiKey.trim() };
  const key = await call(api.POST('/api/admin/ai-providers/{id}/keys', { params: { path: { id: provider.id } }, body }));
  return { providerId: provider.id, keyId: key.id, verdict: await checkKey(provider, key.id) };
}

/** Puts another secret into a key that was refused. */
export async function replaceKey(added: Added, apiKey: string, providers: readonly Provider[]): Promise<Added> {
  const params = { path: { id: added.keyId } };
  await call(api.PUT('/api/admin/ai-providers/keys/{id}', { params, body: { apiKey: apiKey.trim() } }));
  const provider = providers.find((each) => each.id === added.providerId);
  return { ...added, verdict: await checkKey(provider ?? { id: added.providerId, modelsCount: 1 }, added.keyId) };
}

/** Asks the provider about a key; of a provider without models, for its models too. */
export async function checkKey(provider: Pick<Provider, 'id' | 'modelsCount'>, keyId: number): Promise<Verdict> {
  const verdict = await call(api.POST('/api/admin/ai-providers/keys/{id}/validate', { params: { path: { id: keyId } } }));
  if (verdict.isValid && provider.modelsCount === 0) {
    // Without a list of models one can still ask for a model by its name.
    await call(api.POST('/api/admin/ai-providers/{id}/sync-models', { params: { path: { id: provider.id } } })).catch(() => undefined);
  }
  return verdict;
}

async function readyProvider(values: KeyValues, presets: readonly Preset[], providers: readonly Provider[]): Promise<Provider> {
  const chosen = values.other ?? values.provider;
  if (chosen === OWN) {
    const name = values.providerName?.trim() ?? '';
    return call(
      api.POST('/api/admin/ai-providers', { body: { providerCode: codeOf(name), providerName: name, baseUrl: values.baseUrl?.trim() ?? '' } }),
    );
  }
  const preset = presets.find((each) => `preset:${each.providerCode}` === chosen);
  if (preset) {
    const body = { ...preset, baseUrl: values.baseUrl?.trim() || preset.baseUrl };
    return call(api.POST('/api/admin/ai-providers', { body }));
  }
  const provider = providers.find((each) => `provider:${each.id}` === chosen);
  if (!provider) throw new Error('no provider is chosen');
  const baseUrl = values.baseUrl?.trim();
  if (provider.isActive && !baseUrl) return provider;
  const body = { isActive: true, ...(baseUrl ? { baseUrl } : {}) };
  return call(api.PUT('/api/admin/ai-providers/{id}', { params: { path: { id: provider.id } }, body }));
}

/** `main`, or the first of `main-2`, `main-3` that is free. */
export function freeName(taken: readonly string[]): string {
  if (!taken.includes('main')) return 'main';
  let number = 2;
  while (taken.includes(`main-${number}`)) number += 1;
  return `main-${number}`;
}
