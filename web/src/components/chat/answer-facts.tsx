import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNow } from '@/app/now';
import { useCan } from '@/app/session';
import { Count, Duration, Explained, Money } from '..';
import { numberFormat } from '@/format';
import { isRunning, type Answer } from './conversation';
import { speedOf } from './measures';
import { Carried } from './carried';

/** What an answer took: first token, all of it, tokens, speed, cost, and who carried it. */
export function AnswerFacts({ answer }: { answer: Answer }) {
  const { t } = useTranslation('playground');
  const { usage } = answer;
  return (
    <dl className="facts">
      {answer.firstTokenMs === undefined ? null : (
        <Fact name={t('facts.first')}>
          <Duration ms={Math.round(answer.firstTokenMs)} />
        </Fact>
      )}
      <Fact name={t('facts.total')}>{isRunning(answer) ? <Running answer={answer} /> : <Duration ms={Math.round(answer.totalMs ?? 0)} />}</Fact>
      <Speed answer={answer} />
      {usage ? (
        <Fact name={t('facts.tokens')}>
          <Count value={usage.promptTokens} /> → <Count value={usage.completionTokens} />
          {usage.cachedTokens ? <span className="quiet"> {t('facts.cached', { count: usage.cachedTokens })}</span> : null}
          {usage.reasoningTokens ? <span className="quiet"> {t('facts.reasoned', { count: usage.reasoningTokens })}</span> : null}
        </Fact>
      ) : null}
      {answer.costUsd === undefined ? null : (
        <Fact name={t('facts.cost')}>
          <Money usd={answer.costUsd} />
        </Fact>
      )}
      {answer.finishReason && answer.finishReason !== 'stop' ? <Fact name={t('facts.end')}>{answer.finishReason}</Fact> : null}
      <Origin answer={answer} />
    </dl>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </div>
  );
}

/** The time since it was asked; a second is exact enough to wait by. */
function Running({ answer }: { answer: Answer }) {
  const now = useNow();
  const [begun] = useState(now);
  return <Duration ms={Math.max(Math.floor((now - begun) / 1000) * 1000, Math.round(answer.totalMs ?? 0))} />;
}

function Speed({ answer }: { answer: Answer }) {
  const { t } = useTranslation('playground');
  const speed = speedOf(answer);
  if (!speed) return null;
  const text = t('facts.perSecond', { speed: numberFormat({ maximumFractionDigits: speed.perSecond < 10 ? 1 : 0 }).format(speed.perSecond) });
  return <Fact name={t('facts.speed')}>{speed.isEstimate ? <Explained text={`≈ ${text}`} why={t('facts.estimate')} /> : text}</Fact>;
}

/** Who answered; for those who may see calls, the way to the call. */
function Origin({ answer }: { answer: Answer }) {
  const { t } = useTranslation('playground');
  const canRead = useCan('read');
  const { requestId, provider } = answer;
  if (!requestId) return null;
  return (
    <Fact name={t('facts.by')}>
      {provider ?? t('facts.nobody')}
      {answer.attempts === undefined ? null : <span className="quiet"> · {t('facts.attempts', { count: answer.attempts })}</span>}
      {canRead ? (
        <>
          {isRunning(answer) ? null : <Carried requestId={requestId} />}
          {' · '}
          <Link to="/logs/$requestId" params={{ requestId }}>
            {t('facts.call')}
          </Link>
        </>
      ) : null}
    </Fact>
  );
}
