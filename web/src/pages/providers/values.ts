import type { NewProvider, Preset, ProviderPatch } from './api';
import type { Provider } from './health';

/** A header in the form: an object has no place for a name that is being typed. */
export interface Header {
  name: string;
  value: string;
}

/** What the form holds; fields are named as the API names them. */
export interface ProviderValues {
  providerName: string;
  providerCode: string;
  protocol: Provider['protocol'];
  baseUrl: string;
  isActive: boolean;
  sortOrder: number | null;
  description: string;
  defaultModel: string | null;
  lbStrategy: Provider['lbStrategy'];
  connectTimeoutMs: number | null;
  firstTokenTimeoutMs: number | null;
  idleTimeoutMs: number | null;
  totalTimeoutMs: number | null;
  maxRetries: number | null;
  queueTimeoutMs: number | null;
  extraHeaders: Header[];
  defaultParams: Record<string, unknown>;
  quirks: Record<string, unknown>;
}

/** What a new provider has until somebody says otherwise: the defaults of the API. */
export function emptyValues(strategy: Provider['lbStrategy'] = 'priority'): ProviderValues {
  return {
    providerName: '',
    providerCode: '',
    protocol: 'openai',
    baseUrl: '',
    isActive: true,
    sortOrder: 100,
    description: '',
    defaultModel: null,
    lbStrategy: strategy,
    connectTimeoutMs: 10_000,
    firstTokenTimeoutMs: 120_000,
    idleTimeoutMs: 120_000,
    totalTimeoutMs: 600_000,
    maxRetries: 3,
    queueTimeoutMs: 0,
    extraHeaders: [],
    defaultParams: {},
    quirks: {},
  };
}

function headersOf(headers: Record<string, string>): Header[] {
  return Object.entries(headers).map(([name, value]) => ({ name, value }));
}

/** What the form shows of a provider. */
export function valuesOf(provider: Provider): ProviderValues {
  const { extraHeaders, description, defaultModel, ...rest } = provider;
  const { providerName, providerCode, protocol, baseUrl, isActive, sortOrder, lbStrategy } = rest;
  const { connectTimeoutMs, firstTokenTimeoutMs, idleTimeoutMs, totalTimeoutMs, maxRetries, queueTimeoutMs } = rest;
  return {
    ...{ providerName, providerCode, protocol, baseUrl, isActive, sortOrder, lbStrategy },
    ...{ connectTimeoutMs, firstTokenTimeoutMs, idleTimeoutMs, totalTimeoutMs, maxRetries, queueTimeoutMs },
    description: description ?? '',
    defaultModel: defaultModel ?? null,
    extraHeaders: headersOf(extraHeaders),
    defaultParams: rest.defaultParams,
    quirks: rest.quirks,
  };
}

/** A code that no provider has: the preset's own, else with a number behind it. */
export function freeCode(code: string, taken: ReadonlySet<string>): string {
  if (!taken.has(code)) return code;
  for (let number = 2; ; number += 1) {
    const next = `${code.slice(0, 46)}-${number}`;
    if (!taken.has(next)) return next;
  }
}

/** What a preset fills in; everything else stays as it was typed. */
export function valuesFrom(preset: Preset, taken: ReadonlySet<string>): Partial<ProviderValues> {
  return {
    providerName: preset.providerName,
    providerCode: freeCode(preset.providerCode, taken),
    protocol: preset.protocol,
    baseUrl: preset.baseUrl,
    description: preset.description ?? '',
    defaultModel: preset.defaultModel ?? null,
    extraHeaders: headersOf(preset.extraHeaders),
    quirks: preset.quirks,
  };
}

/** The body that makes a provider of what was typed; a number that was cleared has its default. */
export function newProvider(values: ProviderValues): NewProvider {
  const { extraHeaders, description, defaultModel, ...rest } = values;
  const given = Object.entries(rest).filter(([, value]) => value !== null);
  return {
    ...(Object.fromEntries(given) as unknown as NewProvider),
    extraHeaders: headersObject(extraHeaders),
    ...(description.trim() ? { description: description.trim() } : {}),
    ...(defaultModel?.trim() ? { defaultModel: defaultModel.trim() } : {}),
  };
}

function headersObject(headers: readonly Header[] | undefined): Record<string, string> {
  return Object.fromEntries((headers ?? []).map(({ name, value }) => [name.trim(), value ?? '']));
}

/** What was changed, and no more: what others change meanwhile stays theirs. */
export function patchOf(values: ProviderValues, before: Provider): ProviderPatch {
  const old = valuesOf(before);
  const changed = (Object.keys(old) as (keyof ProviderValues)[]).filter(
    (name) => values[name] !== undefined && JSON.stringify(values[name]) !== JSON.stringify(old[name]),
  );
  const patch: Record<string, unknown> = {};
  for (const name of changed) {
    if (name === 'extraHeaders') patch[name] = headersObject(values.extraHeaders);
    else if (name === 'description') patch[name] = values.description.trim() || null;
    else if (name === 'defaultModel') patch[name] = values.defaultModel?.trim() || null;
    else if (values[name] !== null) patch[name] = values[name];
  }
  return patch;
}

/** Why a base URL cannot be right; the server has the last word. */
export function problemOfUrl(url: string): 'baseUrlNone' | 'baseUrlBraces' | 'baseUrlScheme' | null {
  const text = url.trim();
  if (text === '') return 'baseUrlNone';
  if (/[{}]/.test(text)) return 'baseUrlBraces';
  return /^https?:\/\/\S+$/i.test(text) ? null : 'baseUrlScheme';
}

/** What is appended to a base URL, by protocol: an example for the form. */
export const endpoints: Record<Provider['protocol'], string> = {
  openai: '/chat/completions',
  anthropic: '/messages',
  gemini: '/models/…:generateContent',
};
