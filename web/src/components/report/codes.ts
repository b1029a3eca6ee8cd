import en from '@/i18n/en/errors';

/** A code that the page explains. */
export type KnownCode = keyof typeof en.code;

/** Whose matter an error is: who has to do something about it. */
export type Whose = keyof typeof en.whose;

const matters: Record<Exclude<KnownCode, 'none'>, Whose> = {
  client_fault: 'caller',
  context_too_long: 'caller',
  content_refused: 'caller',
  validation_failed: 'caller',
  not_found: 'caller',
  model_not_found: 'caller',
  unauthenticated: 'caller',
  forbidden: 'caller',
  budget_exceeded: 'caller',
  payload_too_large: 'caller',
  caller_left: 'caller',
  key_refused: 'key',
  key_denied_for_model: 'key',
  quota_spent: 'key',
  rate_limited: 'key',
  no_available_key: 'key',
  model_missing: 'provider',
  overloaded: 'provider',
  transient: 'provider',
  silent: 'provider',
  after_content: 'provider',
  provider_error: 'provider',
  provider_timeout: 'provider',
  deadline: 'time',
  storage_unavailable: 'tollgate',
  internal: 'tollgate',
  interrupted: 'tollgate',
};

/** The code where the page explains it; nothing for one of a provider's own. */
export function knownCode(code: string | null | undefined): KnownCode | null {
  if (code == null) return 'none';
  return code in en.code ? (code as KnownCode) : null;
}

/** Whose matter it is, where that is known. */
export function whoseOf(code: string | null | undefined): Whose | null {
  const known = knownCode(code);
  return known && known !== 'none' ? matters[known] : null;
}
