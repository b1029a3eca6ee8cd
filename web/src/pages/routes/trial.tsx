import { Alert, Button, Input, Skeleton, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError } from '@/api/errors';
import { Duration, Failure, Money, StateTag } from '@/components';
import { formatExact } from '@/format';
import { useTrial, type Trial } from './data';
import { nameOf, type Target } from './targets';

/** Asks every target once, for real, before the route is saved. */
export function TrialPart({ targets }: { targets: Target[] | null }) {
  const { t } = useTranslation('routes');
  const trial = useTrial();
  const [prompt, setPrompt] = useState('');
  const [tried, setTried] = useState<Target[] | null>(null);
  const run = () => {
    if (targets === null) return;
    setTried(targets);
    trial.mutate({ targets, ...(prompt.trim() ? { prompt } : {}) });
  };
  const isStale = tried !== null && JSON.stringify(tried) !== JSON.stringify(targets);
  return (
    <section className="route-part" aria-label={t('test.title')}>
      <h3>{t('test.title')}</h3>
      <p className="quiet">{t('test.intro')}</p>
      <div className="trial-ask">
        <Input value={prompt} onChange={({ target }) => setPrompt(target.value)} placeholder={t('test.promptHint')} aria-label={t('test.prompt')} maxLength={4000} />
        <Button onClick={run} loading={trial.isPending} disabled={targets === null}>
          {t(trial.data ? 'test.again' : 'test.run')}
        </Button>
      </div>
      <div role="status" className="stack">
        {trial.isPending ? (
          <>
            <span className="quiet">{t('test.running', { count: tried?.length ?? 0 })}</span>
            <Skeleton active title={false} paragraph={{ rows: tried?.length ?? 1 }} />
          </>
        ) : null}
        {trial.error && !trial.isPending ? <Failure error={asApiError(trial.error)} onRetry={run} /> : null}
        {trial.data && !trial.isPending ? <Results trial={trial.data} isStale={isStale} /> : null}
      </div>
    </section>
  );
}

function Results({ trial, isStale }: { trial: Trial; isStale: boolean }) {
  const { t } = useTranslation('routes');
  const { answeredBy, results } = trial;
  const by = answeredBy == null ? undefined : results[answeredBy];
  const said = by ? t('test.answered', { place: (answeredBy ?? 0) + 1, target: nameOf(by) }) : t('test.none');
  return (
    <>
      <Alert type={by ? 'success' : 'error'} showIcon title={said} description={isStale ? t('test.stale') : null} />
      <ol className="outlook">
        {results.map((result) => (
          <li key={result.requestId}>
            <Result result={result} />
          </li>
        ))}
      </ol>
    </>
  );
}

function Result({ result }: { result: Trial['results'][number] }) {
  const { t } = useTranslation('routes');
  return (
    <>
      <div className="row">
        <StateTag state={result.isOk ? 'success' : 'error'} text={t(result.isOk ? 'test.ok' : 'test.failed')} />
        <span className="mono break">{nameOf(result)}</span>
        <span className="quiet row">
          <Duration ms={result.latencyMs} />
          {result.keyName ? <span>{t('test.key', { key: result.keyName })}</span> : null}
          {result.attempts != null && result.attempts > 1 ? <span>{t('test.attempts', { count: result.attempts })}</span> : null}
          {result.totalTokens != null ? <span>{t('test.tokens', { count: result.totalTokens, replace: { count: formatExact(result.totalTokens) } })}</span> : null}
          {result.isOk ? <Money usd={result.costUsd} /> : null}
          <a href={`/logs/${result.requestId}`}>{t('test.call')}</a>
        </span>
      </div>
      {result.isOk ? <q className="trial-text">{result.content ?? t('test.noText')}</q> : <Typography.Text type="danger">{result.error}</Typography.Text>}
    </>
  );
}
