import type { State } from '@/components';
import type { Alert, Status } from './data';

/** Something that is wrong now, and where it is mended. */
export interface Trouble {
  id: string;
  level: 'critical' | 'warning' | 'info';
  state: State;
  /** What it is about: openai / main. */
  subject: string;
  /** The kind of an alert; none for a key that has no alert (yet). */
  kind: Alert['kind'] | null;
  /** Why, in the server's words. */
  why: string | null;
  since: string | null;
  until: string | null;
  mend: { to: string; search?: Record<string, unknown> };
}

type Payload = Record<string, unknown>;

const order = { critical: 0, warning: 1, info: 2 };

/** Everything that is wrong, the worst first; a key and its alert are one trouble. */
export function troublesOf(status: Status | undefined, alerts: readonly Alert[]): Trouble[] {
  const told = new Map(alerts.map((alert) => [keyOf(alert), alert]));
  const keys = (status?.keyDetails ?? []).filter((key) => key.status !== 'normal');
  const shown = new Set(keys.map((key) => key.keyId));
  const ofKeys = keys.map((key): Trouble => {
    const alert = told.get(key.keyId);
    return {
      id: `key-${key.keyId}`,
      level: key.status === 'rate_limited' ? 'info' : (alert?.level ?? 'warning'),
      state: key.status,
      subject: `${key.providerCode} / ${key.keyName}`,
      kind: null,
      why: key.statusReason ?? key.lastError ?? null,
      since: alert?.firedAt ?? null,
      until: key.coolingUntil ?? null,
      mend: { to: `/providers/${key.providerId}/keys`, search: { key: key.keyId } },
    };
  });
  const ofAlerts = alerts
    .filter((alert) => !(alert.kind === 'key_unavailable' && shown.has(keyOf(alert) ?? 0)))
    .map((alert): Trouble => ({
      id: `alert-${alert.id}`,
      level: alert.level,
      state: alert.level,
      subject: alert.subject,
      kind: alert.kind,
      why: alert.message,
      since: alert.firedAt,
      until: null,
      mend: mendOf(alert),
    }));
  return [...ofAlerts, ...ofKeys].sort((one, other) => order[one.level] - order[other.level] || (one.since ?? '').localeCompare(other.since ?? ''));
}

function keyOf(alert: Alert): number | null {
  const id = (alert.payload as Payload | null | undefined)?.keyId;
  return alert.kind === 'key_unavailable' && typeof id === 'number' ? id : null;
}

/** Where an alert is mended. */
function mendOf(alert: Alert): Trouble['mend'] {
  const payload = (alert.payload ?? {}) as Payload;
  const named = (name: string) => (typeof payload[name] === 'number' || typeof payload[name] === 'string' ? payload[name] : undefined);
  switch (alert.kind) {
    case 'key_unavailable':
    case 'provider_without_key':
      return { to: `/providers/${named('providerId') ?? ''}/keys`, search: { key: named('keyId') } };
    case 'error_rate':
      return { to: '/errors', search: { range: '24h' } };
    case 'budget_spent':
    case 'cost_above_bound':
      return { to: '/tokens', search: { token: named('appId') } };
    case 'model_shutdown':
      return { to: `/models/${named('modelId') ?? ''}` };
    case 'model_unpriced':
      return { to: '/models', search: { q: named('modelCode') } };
    case 'journal_backlog':
    case 'records_dropped':
      return { to: '/status' };
    default:
      return { to: '/alerts' };
  }
}
