import type { KeyPatch, NewKey } from './api';
import type { UpstreamKey } from './state';

export type Kind = UpstreamKey['credentialKind'];

interface Remote {
  url?: string;
  sceneCode?: string;
  backupKey?: string;
  expireSeconds?: number | null;
  refreshBeforeSeconds?: number | null;
}

interface OAuth2 {
  tokenUrl?: string;
  refreshToken?: string;
  clientId?: string;
  clientSecret?: string;
  requestFormat?: 'form' | 'json_camel';
  refreshBeforeSeconds?: number | null;
}

/** What the form of a key holds; fields are named as the API names them. */
export interface KeyValues {
  keyName: string;
  credentialKind: Kind;
  /** Whether another credential is typed; always so for a new key. */
  replace: boolean;
  apiKey?: string;
  remote?: Remote;
  oauth2?: OAuth2;
  rateLimitRpm: number | null;
  rateLimitTpm: number | null;
  rateLimitRpd: number | null;
  maxConcurrent: number | null;
  priority: number | null;
  weight: number | null;
  baseUrl: string;
  checkAfter: boolean;
}

const credentials = {
  remote: { expireSeconds: 600, refreshBeforeSeconds: 120 },
  oauth2: { requestFormat: 'form', refreshBeforeSeconds: 60 },
} as const;

/** A new key: everything at the API's default. */
export function emptyKey(): KeyValues {
  return {
    keyName: '',
    credentialKind: 'static',
    replace: true,
    apiKey: '',
    ...credentials,
    rateLimitRpm: null,
    rateLimitTpm: null,
    rateLimitRpd: null,
    maxConcurrent: null,
    priority: 100,
    weight: 1,
    baseUrl: '',
    checkAfter: true,
  };
}

/** What the form shows of a key. Its credential is never told, so it stays unless another is typed. */
export function valuesOfKey(key: UpstreamKey, replace: boolean): KeyValues {
  return {
    ...emptyKey(),
    keyName: key.keyName,
    credentialKind: key.credentialKind,
    replace,
    rateLimitRpm: key.rateLimitRpm ?? null,
    rateLimitTpm: key.rateLimitTpm ?? null,
    rateLimitRpd: key.rateLimitRpd ?? null,
    maxConcurrent: key.maxConcurrent ?? null,
    priority: key.priority,
    weight: key.weight,
    baseUrl: key.baseUrl ?? '',
  };
}

/** An object without what is empty. */
function filled<T extends object>(value: T | undefined): Partial<T> {
  const entries = Object.entries(value ?? {}).map(([name, part]) => [name, typeof part === 'string' ? part.trim() : part] as const);
  return Object.fromEntries(entries.filter(([, part]) => part !== '' && part != null)) as Partial<T>;
}

/** The credential that was typed, as the API takes it. */
export function credentialOf(values: KeyValues): Pick<KeyPatch, 'apiKey' | 'remote' | 'oauth2'> {
  if (!values.replace) return {};
  switch (values.credentialKind) {
    case 'static':
      return { apiKey: values.apiKey?.trim() ?? '' };
    case 'remote':
      return { remote: filled(values.remote) as NonNullable<KeyPatch['remote']> };
    case 'oauth2':
      return { oauth2: filled(values.oauth2) as NonNullable<KeyPatch['oauth2']> };
  }
}

const limits = ['rateLimitRpm', 'rateLimitTpm', 'rateLimitRpd', 'maxConcurrent'] as const;

/** The body that makes a key of what was typed. */
export function newKey(values: KeyValues): NewKey {
  const given = limits.filter((name) => values[name] !== null).map((name) => [name, values[name]]);
  return {
    keyName: values.keyName.trim(),
    ...credentialOf(values),
    ...Object.fromEntries(given),
    ...(values.priority === null ? {} : { priority: values.priority }),
    ...(values.weight === null ? {} : { weight: values.weight }),
    ...(values.baseUrl.trim() ? { baseUrl: values.baseUrl.trim() } : {}),
  };
}

/** What was changed of a key, and no more. */
export function keyPatch(values: KeyValues, key: UpstreamKey): KeyPatch {
  const old = valuesOfKey(key, false);
  const patch: KeyPatch = { ...credentialOf(values) };
  if (values.keyName.trim() !== old.keyName) patch.keyName = values.keyName.trim();
  for (const name of limits) {
    if (values[name] !== old[name]) patch[name] = values[name];
  }
  for (const name of ['priority', 'weight'] as const) {
    if (values[name] !== null && values[name] !== old[name]) patch[name] = values[name];
  }
  if (values.baseUrl.trim() !== old.baseUrl) patch.baseUrl = values.baseUrl.trim() || null;
  return patch;
}

/** Names that credentials files use for a field, ours first. */
const names: Record<keyof OAuth2, readonly string[]> = {
  tokenUrl: ['tokenUrl', 'token_url', 'tokenUri', 'token_uri'],
  refreshToken: ['refreshToken', 'refresh_token'],
  clientId: ['clientId', 'client_id'],
  clientSecret: ['clientSecret', 'client_secret'],
  requestFormat: ['requestFormat', 'request_format'],
  refreshBeforeSeconds: ['refreshBeforeSeconds', 'refresh_before_seconds'],
};

/** Reads a credentials file, as providers' own programs write it; answers what it is not. */
export function readCredentials(text: string): Partial<OAuth2> | 'fileJson' | 'fileEmpty' {
  let read: unknown;
  try {
    read = JSON.parse(text);
  } catch {
    return 'fileJson';
  }
  if (typeof read !== 'object' || read === null) return 'fileEmpty';
  const file = read as Record<string, unknown>;
  const found = Object.entries(names).flatMap(([field, known]) => {
    const name = known.find((each) => file[each] !== undefined && file[each] !== null);
    return name ? [[field, file[name]] as const] : [];
  });
  const values = Object.fromEntries(found) as Partial<OAuth2>;
  return values.refreshToken ? values : 'fileEmpty';
}
