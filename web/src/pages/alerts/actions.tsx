import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '@/api/client';
import { useApiMutation } from '@/api/query';
import { useCan } from '@/app/session';
import { useToast } from '@/components';
import type { Alert } from './data';
import { factsOf, type AlertFacts } from './facts';

/** The buttons that do what an alert asks for: the first is the most useful. */
export function AlertActions({ alert }: { alert: Alert }) {
  const facts = factsOf(alert);
  const mayWrite = useCan('write');
  return <div className="row">{actionsOf(alert, facts, mayWrite)}</div>;
}

function actionsOf(alert: Alert, facts: AlertFacts, mayWrite: boolean): ReactNode {
  const { providerId, keyId, appId, modelId, modelCode } = facts;
  switch (alert.kind) {
    case 'key_unavailable':
      return (
        <>
          {mayWrite && keyId ? <CheckKey keyId={keyId} isMain={facts.status !== 'invalid' && facts.status !== 'undecryptable'} /> : null}
          {providerId && keyId ? <Go words="openKey" to={`/providers/${providerId}/keys?key=${keyId}`} isMain={facts.status === 'invalid' || facts.status === 'undecryptable'} /> : null}
          {keyId ? <Go words="affected" to={`/logs?range=24h&failedKeyId=${keyId}`} /> : null}
        </>
      );
    case 'provider_without_key':
      return (
        <>
          {mayWrite && providerId ? <Go words="addKey" to={`/providers/${providerId}/keys?edit=new`} isMain /> : null}
          {providerId ? <Go words="openKeys" to={`/providers/${providerId}/keys`} /> : null}
        </>
      );
    case 'error_rate':
      return (
        <>
          <Go words="failedCalls" to="/logs?range=1h&status=error" isMain />
          <Go words="errors" to="/errors?range=1h" />
        </>
      );
    case 'budget_spent':
    case 'cost_above_bound':
      return (
        <>
          {mayWrite && appId ? <Go words="raiseBudget" to={`/tokens?edit=${appId}`} isMain /> : null}
          {appId ? <Go words="itsCalls" to={`/logs?appId=${appId}`} /> : null}
        </>
      );
    case 'journal_backlog':
    case 'records_dropped':
      return <Go words="status" to="/status" isMain />;
    case 'model_unpriced':
      return (
        <>
          <Go words="setPrice" to={`/models?q=${encodeURIComponent(modelCode ?? '')}${providerId ? `&provider=${providerId}` : ''}`} isMain />
          <Go words="itsCalls" to={`/logs?unpriced=1&model=${encodeURIComponent(modelCode ?? '')}`} />
        </>
      );
    case 'model_shutdown':
      return (
        <>
          {modelId ? <Go words="openModel" to={`/models/${modelId}`} isMain /> : null}
          <Go words="whoCalls" to={`/logs?model=${encodeURIComponent(modelCode ?? '')}`} />
        </>
      );
    default:
      return null;
  }
}

type Words = 'openKey' | 'affected' | 'addKey' | 'openKeys' | 'failedCalls' | 'errors' | 'raiseBudget' | 'itsCalls' | 'status' | 'setPrice' | 'openModel' | 'whoCalls';

function Go({ words, to, isMain = false }: { words: Words; to: string; isMain?: boolean }) {
  const { t } = useTranslation('alerts');
  const [path = '', query] = to.split('?');
  const search = Object.fromEntries(new URLSearchParams(query));
  return (
    <Link to={path} search={search as never}>
      <Button size="small" type={isMain ? 'primary' : 'default'} tabIndex={-1}>
        {t(`action.${words}`)}
      </Button>
    </Link>
  );
}

/** Asks the provider whether the key works again; where it does, the key is used at once. */
function CheckKey({ keyId, isMain }: { keyId: number; isMain: boolean }) {
  const { t } = useTranslation('alerts');
  const toast = useToast();
  const check = useApiMutation(
    () => call(api.POST('/api/admin/ai-providers/keys/{id}/validate', { params: { path: { id: keyId } } })),
    [['alerts'], ['keys'], ['status']],
  );
  const run = () =>
    check.mutate(undefined, {
      onSuccess: (verdict) => {
        if (verdict.isValid) toast.done(t('check.good'));
        else toast.info(t('check.bad', { reason: verdict.reason ?? '' }));
      },
      onError: toast.failed,
    });
  return (
    <Button size="small" type={isMain ? 'primary' : 'default'} loading={check.isPending} onClick={run}>
      {t('action.check')}
    </Button>
  );
}
