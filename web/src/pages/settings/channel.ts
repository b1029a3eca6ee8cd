import { ApiError } from '@/api/errors';
import type { Email, EmailBody, Webhook, WebhookBody } from './api';

export const webhookKinds = ['generic', 'slack', 'feishu', 'dingtalk', 'wecom'] as const;
export type WebhookKind = (typeof webhookKinds)[number];
export type ChannelKind = WebhookKind | 'email';

/** The name that the mail channel goes by. */
export const EMAIL = 'email';

/** A channel as the list shows it. */
export interface Channel {
  name: string;
  kind: ChannelKind;
  /** Where it leads: a host, or receivers. */
  target: string;
  isActive: boolean;
  levels: string[];
  kinds: string[];
}

/** Webhooks and email as one list. */
export function channelsOf(alerts: { webhooks: Webhook[]; email?: Email | null | undefined }): Channel[] {
  const hooks = alerts.webhooks.map((hook) => ({
    name: hook.name,
    kind: hook.type as ChannelKind,
    target: hook.url,
    isActive: hook.isActive,
    levels: hook.levels,
    kinds: hook.kinds,
  }));
  const { email } = alerts;
  if (!email) return hooks;
  const { isActive, levels, kinds } = email;
  return [...hooks, { name: EMAIL, kind: 'email', target: email.to.join(', '), isActive, levels, kinds }];
}

/** Whether a webhook of that kind can be signed. */
export const isSigned = (kind: WebhookKind): boolean => ['generic', 'feishu', 'dingtalk'].includes(kind);

/** What of a form belongs into a request: a secret that was left empty stays as it is stored. */
export function withoutEmptySecrets<Body extends object>(body: Body, secrets: readonly (keyof Body)[]): Body {
  const isSent = ([name, value]: [string, unknown]) => Boolean(value) || !secrets.includes(name as keyof Body);
  return Object.fromEntries(Object.entries(body).filter(isSent)) as Body;
}

/** The list to send: the others stay as they are by their names alone, the one of that name is put in or replaced. */
export function webhooksWith(stored: readonly Webhook[], changed: WebhookBody): { list: WebhookBody[]; index: number } {
  const list: WebhookBody[] = stored.map(({ name }) => ({ name }));
  const at = list.findIndex((hook) => hook.name === changed.name);
  const index = at < 0 ? list.length : at;
  list[index] = changed;
  return { list, index };
}

export function webhooksWithout(stored: readonly Webhook[], name: string): WebhookBody[] {
  return stored.filter((hook) => hook.name !== name).map((hook) => ({ name: hook.name }));
}

/** The failure of a channel's request in the words of its form, whose fields stand under `prefix` there. */
export function underPrefix(error: ApiError, prefix: string): ApiError {
  const details = error.details.map((detail) =>
    detail.field?.startsWith(`${prefix}.`) ? { ...detail, field: detail.field.slice(prefix.length + 1) } : detail,
  );
  return new ApiError(error.kind, error.message, error.status, error.requestId, details, error.retryAfterMs);
}

/** The port of a mail server by how it is spoken to. */
export const usualPort = { starttls: 587, implicit: 465, none: 25 } as const;

export type EmailValues = Required<Pick<EmailBody, 'host' | 'from' | 'to'>> & EmailBody;
