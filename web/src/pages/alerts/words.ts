import type { TFunction } from 'i18next';
import { formatBytes, formatDuration, formatExact, formatMoney } from '@/format';
import type { Alert } from './data';
import { factsOf } from './facts';

/** The states of keys that an alert of one may tell. */
const keyStates = { rate_limited: 1, quota_exceeded: 1, cooling: 1, invalid: 1, undecryptable: 1 };

function isKeyState(status: string | undefined): status is keyof typeof keyStates {
  return status !== undefined && status in keyStates;
}

/** What is wrong, in a line. */
export function titleOf(alert: Alert, t: TFunction<'alerts'>): string {
  return t(`kind.${alert.kind}`, { subject: alert.subject });
}

/** Why, with its figures; the server's own words where they tell more than we know. */
export function whyOf(alert: Alert, t: TFunction<'alerts'>, nowMs: number): string {
  const facts = factsOf(alert);
  switch (alert.kind) {
    case 'key_unavailable':
      if (!isKeyState(facts.status)) return alert.message;
      return t(`why.key.${facts.status}`, { key: facts.keyName, provider: facts.providerCode }) + reason(facts.reason, t);
    case 'provider_without_key':
      return t('why.noKey', { provider: facts.providerCode, count: facts.keysCount ?? 0 });
    case 'error_rate':
      if (!facts.calls) return alert.message;
      return t('why.errorRate', {
        errors: formatExact(facts.errors ?? 0),
        count: facts.calls,
        calls: formatExact(facts.calls),
        percent: formatExact(Math.floor(((facts.errors ?? 0) / facts.calls) * 1000) / 10),
        threshold: facts.thresholdPercent,
        time: formatDuration((facts.windowSeconds ?? 300) * 1000),
      });
    case 'budget_spent':
      if (facts.budgetUsd === undefined) return alert.message;
      return t((facts.thresholdPercent ?? 100) >= 100 ? 'why.budgetSpent' : 'why.budgetNearly', {
        app: facts.appName,
        spent: formatMoney(facts.spentUsd ?? 0),
        budget: formatMoney(facts.budgetUsd),
      });
    case 'journal_backlog':
      return backlog(alert, t, nowMs);
    case 'records_dropped':
      return t('why.dropped', { dropped: formatExact(facts.dropped ?? 0), rejected: formatExact(facts.rejected ?? 0) });
    case 'model_unpriced':
      return t('why.unpriced', { model: facts.modelCode, provider: facts.providerCode });
    case 'model_shutdown':
      return t('why.shutdown', { model: facts.modelCode, provider: facts.providerCode, date: facts.shutdownDate });
    case 'cost_above_bound':
      return t('why.aboveBound', { app: facts.appName, cost: formatMoney(facts.costUsd ?? 0), kept: formatMoney(facts.keptUsd ?? 0) });
    default:
      return alert.message;
  }
}

function reason(text: string | undefined, t: TFunction<'alerts'>): string {
  return text ? t('why.reason', { reason: text }) : '';
}

function backlog(alert: Alert, t: TFunction<'alerts'>, nowMs: number): string {
  const facts = factsOf(alert);
  const figures = t('why.backlog', {
    count: facts.backlogRecords ?? 0,
    records: formatExact(facts.backlogRecords ?? 0),
    size: formatBytes(facts.backlogBytes ?? 0),
    max: formatBytes(facts.maxBytes ?? 0),
    age: formatDuration(facts.oldestAt ? Math.max(0, nowMs - Date.parse(facts.oldestAt)) : 0),
  });
  if (facts.isWritable === false) return figures + t('why.diskFull');
  return facts.isShipping === false ? figures + t('why.databaseAway') : figures;
}

/** What to do about it. */
export function remedyOf(alert: Alert, t: TFunction<'alerts'>): string {
  const { status, thresholdPercent } = factsOf(alert);
  if (alert.kind === 'key_unavailable') return t(`todo.key.${isKeyState(status) ? status : 'invalid'}`);
  if (alert.kind === 'budget_spent') return t((thresholdPercent ?? 100) >= 100 ? 'todo.budgetSpent' : 'todo.budgetNearly');
  return t(`todo.${alert.kind}`);
}
