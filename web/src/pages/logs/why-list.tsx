import type { TFunction } from 'i18next';
import { useTranslation } from 'react-i18next';
import { useProviders } from '@/api/lists';
import { useZone } from '@/app/use-range';
import { formatClock, formatDuration, formatExact } from '@/format';
import { failures } from './attempts';
import { namedOtherwise } from './columns';
import type { Attempt } from './data';
import { factsOf, type Fact, type Routing, type SkippedKey } from './why';

interface Props {
  attempt: Attempt;
  routing: Routing | undefined;
  isFirst: boolean;
}

/** Why the attempt went there, in words. */
export function Why({ attempt, routing, isFirst }: Props) {
  const { t } = useTranslation('logs');
  const zone = useZone();
  const strategy = useStrategy(attempt);
  const facts = factsOf(routing ?? {});
  const told = [
    ...(isFirst && !routing?.targets?.length ? begin(attempt, t) : []),
    ...facts.map((fact) => say(fact, t, zone)),
    ...choice(attempt, facts, strategy, t),
  ];
  if (told.length === 0) return null;
  return (
    <ul className="why" aria-label={t('why.label')}>
      {told.map((sentence) => (
        <li key={sentence}>{sentence}</li>
      ))}
    </ul>
  );
}

/** How the provider's keys share its load today. */
function useStrategy(attempt: Attempt): string | undefined {
  return (useProviders().data ?? []).find((provider) => provider.id === attempt.providerId)?.lbStrategy;
}

/** Where a call goes that names no route. */
function begin(attempt: Attempt, t: TFunction<'logs'>): string[] {
  const { model, providerCode, requestedModel } = attempt;
  if (!model || !providerCode) return [];
  if (!requestedModel) return [t('why.byDefault', { model, provider: providerCode })];
  if (requestedModel === `${providerCode}/${model}` || namedOtherwise(attempt)) return [t('why.named', { asked: requestedModel, model, provider: providerCode })];
  return [t('why.listed', { model, provider: providerCode })];
}

/** Why it was this key. */
function choice(attempt: Attempt, facts: Fact[], strategy: string | undefined, t: TFunction<'logs'>): string[] {
  const after = facts.find((fact) => fact.say === 'after');
  if (!attempt.keyName || after?.by === 'same_key') return [];
  const { keyName: key } = attempt;
  const by = strategy && strategy in strategies ? t(`strategy.${strategy as keyof typeof strategies}`) : '';
  const wasPassed = facts.some((fact) => fact.say === 'skipped' || fact.say === 'skippedMore');
  return [wasPassed || after ? t('why.nextKey', { key, by }) : t('why.firstKey', { key, by })];
}

const strategies = { priority: 1, least_load: 1, round_robin: 1, weighted: 1, least_requests: 1, random: 1, ip_hash: 1 };

function say(fact: Fact, t: TFunction<'logs'>, zone: string): string {
  switch (fact.say) {
    case 'route':
      return t('why.route', { alias: fact.alias, way: fact.way.join(t('why.then')) });
    case 'targets':
      return t('why.targets', { way: fact.way.join(t('why.then')) });
    case 'leftOut':
      return t('why.leftOut', { target: fact.target, reason: reasonOf(fact.reason, t) });
    case 'after':
      return t(`why.after.${fact.by}`, { failure: failureOf(fact.failure, t) });
    case 'passedOver':
      return t('why.passedOver', { target: fact.target, reason: reasonOf(fact.reason, t) });
    case 'skipped':
      return sayKey(fact.key, t, zone);
    case 'skippedMore':
      return t('why.skippedMore', { count: fact.count, replace: { count: formatExact(fact.count) } });
    case 'waited':
      return t('why.waited', { time: formatDuration(fact.ms) });
  }
}

function sayKey(key: SkippedKey, t: TFunction<'logs'>, zone: string): string {
  const reason = key.reason in skips ? t(`skip.${key.reason as keyof typeof skips}`) : key.reason;
  const told = t('why.skipped', { key: key.keyName, reason });
  return key.availableAt ? t('why.until', { told, time: formatClock(key.availableAt, zone) }) : told;
}

const skips = {
  tried: 1, retry_budget: 1, rpm: 1, tpm: 1, rpd: 1, concurrent: 1, rate_limited: 1, quota_exceeded: 1, cooling: 1, overloaded: 1,
  checking: 1, invalid: 1, model_denied: 1, undecryptable: 1,
};

function failureOf(code: string, t: TFunction<'logs'>): string {
  return code in failures ? t(`failure.${code as keyof typeof failures}`) : code;
}

function reasonOf(code: string, t: TFunction<'logs'>): string {
  return code === 'condition' ? t('why.condition') : failureOf(code, t);
}
