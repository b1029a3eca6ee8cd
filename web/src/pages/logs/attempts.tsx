import { Tag, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { StateTag } from '@/components';
import { formatDuration } from '@/format';
import { stateOf } from '@/components/calls';
import { KeyLink, ModelLink } from './call-facts';
import type { Attempt, CallDetail } from './data';
import { lanesOf, sentAfterMs, type Lane } from './timeline';
import { Why } from './why-list';
import type { Routing } from './why';

/** Every attempt in the order of time: why it was made, where it went, how it ended. */
export function Attempts({ call }: { call: CallDetail }) {
  const lanes = lanesOf(call.attempts);
  const routing = new Map(call.route.map((step) => [step.attempt, step.routing as Routing]));
  return (
    <ol className="attempts">
      {call.attempts.map((attempt, place) => (
        <li key={attempt.attempt} className="attempt" data-testid="attempt">
          <Head attempt={attempt} />
          <Bar attempt={attempt} lane={lanes[place]} />
          <Why attempt={attempt} routing={routing.get(attempt.attempt)} isFirst={place === 0} />
          <Failed attempt={attempt} />
        </li>
      ))}
    </ol>
  );
}

function Head({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation('logs');
  return (
    <div className="row spread">
      <span className="row">
        <strong>{attempt.attempt === 0 ? t('attempt.refused') : t('attempt.number', { number: attempt.attempt })}</strong>
        {attempt.providerCode ? (
          <span>
            {attempt.providerCode} / <ModelLink call={attempt} />
          </span>
        ) : null}
        {attempt.keyName || attempt.keyId ? (
          <span>
            <span className="quiet">{t('attempt.key')}</span> <KeyLink call={attempt} />
          </span>
        ) : null}
      </span>
      <span className="row">
        {attempt.httpStatus ? <Tag>HTTP {attempt.httpStatus}</Tag> : null}
        <StateTag state={stateOf(attempt)} />
      </span>
    </div>
  );
}

/** When it ran within the call: the dark part waited for the first content. */
function Bar({ attempt, lane }: { attempt: Attempt; lane: Lane | undefined }) {
  const { t } = useTranslation('logs');
  const sent = sentAfterMs(attempt);
  const words = [
    sent > 0 ? t('attempt.sentAfter', { time: formatDuration(sent) }) : t('attempt.sentAtOnce'),
    attempt.firstTokenMs == null ? null : t('attempt.firstAfter', { time: formatDuration(attempt.firstTokenMs) }),
    t('attempt.took', { time: formatDuration(attempt.latencyMs) }),
  ];
  return (
    <div>
      <div className={attempt.status === 'error' ? 'lane is-bad' : 'lane'} aria-hidden="true">
        <span className="took" style={{ left: `${lane?.from ?? 0}%`, width: `${lane?.width ?? 0}%` }} />
        {lane?.first == null ? null : <span className="waited" style={{ left: `${lane.from}%`, width: `${lane.first}%` }} />}
      </div>
      <Typography.Text type="secondary">{words.filter(Boolean).join(' · ')}</Typography.Text>
    </div>
  );
}

function Failed({ attempt }: { attempt: Attempt }) {
  const { t } = useTranslation('logs');
  if (!attempt.errorCode && !attempt.errorMessage) return null;
  const isKnown = attempt.errorCode != null && attempt.errorCode in failures;
  return (
    <div>
      <Typography.Text type={attempt.status === 'cancelled' ? 'secondary' : 'danger'}>
        {isKnown ? t(`failure.${attempt.errorCode as keyof typeof failures}`) : null} <code className="mono">{attempt.errorCode}</code>
      </Typography.Text>
      {attempt.errorMessage ? <div className="mono break quiet">{attempt.errorMessage}</div> : null}
    </div>
  );
}

/** The codes of failures that have words of their own. */
export const failures = {
  client_fault: 1, context_too_long: 1, content_refused: 1, model_missing: 1, key_refused: 1, key_denied_for_model: 1, quota_spent: 1,
  rate_limited: 1, overloaded: 1, transient: 1, silent: 1, deadline: 1, after_content: 1, caller_left: 1, not_found: 1, forbidden: 1,
  validation_failed: 1, provider_rejected: 1, provider_error: 1, provider_timeout: 1, no_available_key: 1, budget_exceeded: 1,
  storage_unavailable: 1,
} as const;
