import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { useZone } from '@/app/use-range';
import { Count, CopyButton, Duration, Money } from '@/components';
import { formatMoment } from '@/format';
import { namedOtherwise } from './columns';
import type { Attempt, CallDetail } from './data';
import { totalOf } from './totals';
import { wholeMs } from './timeline';

/** What the call was, in figures and names, each with the way to its page. */
export function CallFacts({ call }: { call: CallDetail }) {
  const { t } = useTranslation('logs');
  const last = call.attempts.at(-1);
  if (!last) return null;
  const total = totalOf(call.attempts);
  return (
    <>
      <div className="figures">
        <Figure label={t('figure.cost')} value={<Money usd={total.costUsd} unpriced={total.unpriced} />} />
        <Figure label={t('figure.tokens')} value={<Count value={total.tokens} />} />
        <Figure label={t('figure.whole')} value={<Duration ms={wholeMs(call.attempts)} />} />
        <Figure label={t('figure.firstToken')} value={<Duration ms={last.firstTokenMs} />} />
        <Figure label={t('figure.attempts')} value={<Count value={last.attempt} />} />
      </div>
      <Facts last={last} />
    </>
  );
}

function Figure({ label, value }: { label: string; value: ReactNode }) {
  return (
    <div className="figure">
      <span className="quiet">{label}</span>
      <b>{value}</b>
    </div>
  );
}

function Facts({ last }: { last: Attempt }) {
  const { t } = useTranslation('logs');
  const zone = useZone();
  const mayOpen = useCan('access');
  const alias = namedOtherwise(last);
  const search = (more: object) => ({ ...more });
  const facts: [string, ReactNode][] = [
    [t('fact.time'), formatMoment(last.createdAt, zone)],
    [t('fact.endpoint'), <span key="e"><code className="mono break">{last.endpoint}</code> · {t(last.isStream ? 'stream.yes' : 'stream.no')}</span>],
    [t('fact.asked'), alias ? <Link to="/logs" search={search({ requestedModel: alias })}>{alias}</Link> : (last.requestedModel ?? '–')],
    [t('fact.model'), <ModelLink key="m" call={last} />],
    [t('fact.provider'), last.providerId ? <Link to="/providers/$id/$tab" params={{ id: String(last.providerId), tab: 'keys' }}>{last.providerCode ?? last.providerId}</Link> : '–'],
    [t('fact.key'), <KeyLink key="k" call={last} />],
    [t('fact.app'), last.appId ? <AppLink call={last} mayOpen={mayOpen} /> : '–'],
    [t('fact.user'), last.userId ? <Link to="/logs" search={search({ userId: last.userId })}>{last.userName ?? `#${last.userId}`}</Link> : '–'],
    [t('fact.endUser'), last.endUser ? <Link to="/logs" search={search({ endUser: last.endUser })}>{last.endUser}</Link> : '–'],
    [t('fact.finish'), last.finishReason ?? '–'],
    [t('fact.ip'), last.ipAddress ?? '–'],
    [t('fact.agent'), last.userAgent ?? '–'],
  ];
  if (last.clientRequestId) {
    const id = last.clientRequestId;
    facts.push([t('fact.clientId'), <span key="c" className="row"><code className="mono break">{id}</code><CopyButton text={id} label={t('fact.copyClientId')} /></span>]);
  }
  return (
    <dl className="call-facts">
      {facts.map(([name, value]) => (
        <div key={name} className="fact">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

export function ModelLink({ call }: { call: Attempt }) {
  if (!call.model) return <>–</>;
  if (!call.modelId) return <span>{call.model}</span>;
  return (
    <Link to="/models/$id" params={{ id: String(call.modelId) }}>
      {call.model}
    </Link>
  );
}

export function KeyLink({ call }: { call: Attempt }) {
  if (!call.keyId || !call.providerId) return <>{call.keyName ?? '–'}</>;
  return (
    <Link to="/providers/$id/$tab" params={{ id: String(call.providerId), tab: 'keys' }} search={{ key: call.keyId } as object}>
      {call.keyName ?? `#${call.keyId}`}
    </Link>
  );
}

function AppLink({ call, mayOpen }: { call: Attempt; mayOpen: boolean }) {
  const name = call.appName ?? `#${call.appId}`;
  if (!mayOpen) return <Link to="/logs" search={{ appId: call.appId ?? undefined } as object}>{name}</Link>;
  return <Link to="/tokens" search={{ token: call.appId ?? undefined } as object}>{name}</Link>;
}
