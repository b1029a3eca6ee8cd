import { useQueryClient } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useProviders } from '@/api/lists';
import { useApiMutation } from '@/api/query';
import type { components } from '@/api/schema';
import { EmptyState, Failure, StateTag, Time } from '@/components';
import { checkKey, type Verdict } from './add-key';
import { useKeysOf } from './first-steps';
import { VerdictLine } from './verdict';

type Key = components['schemas']['KeyView'];

/** The keys that are there, each to be validated. */
export function CheckStep() {
  const { t } = useTranslation('welcome');
  const providers = useProviders();
  const used = (providers.data ?? []).filter((provider) => provider.isActive && provider.activeKeysCount > 0);
  const keys = useKeysOf(used.map((provider) => provider.id));
  if (keys.length === 0) return <EmptyState title={t('check.none')} text={t('check.noneText')} />;
  return (
    <ul className="keys">
      {keys.map((key) => (
        <One key={key.id} apiKey={key} provider={used.find((provider) => provider.id === key.providerId)} />
      ))}
    </ul>
  );
}

function One({ apiKey, provider }: { apiKey: Key; provider: components['schemas']['ProviderView'] | undefined }) {
  const { t } = useTranslation('welcome');
  const { t: common } = useTranslation();
  const client = useQueryClient();
  const [verdict, setVerdict] = useState<Verdict | null>(null);
  const check = useApiMutation(() => checkKey(provider ?? { id: apiKey.providerId, modelsCount: 1 }, apiKey.id));
  const run = async () => {
    setVerdict(null);
    try {
      setVerdict(await check.mutateAsync(undefined));
    } finally {
      await client.invalidateQueries({ queryKey: ['keys'] });
      await client.invalidateQueries({ queryKey: ['usable-models'] });
    }
  };
  return (
    <li className="stack">
      <div className="row spread">
        <span className="row">
          <strong>{provider?.providerName}</strong>
          <Link to="/providers/$id/$tab" params={{ id: String(apiKey.providerId), tab: 'keys' }}>
            {apiKey.keyName}
          </Link>
          <code className="mono">{apiKey.apiKey}</code>
          <StateTag state={apiKey.isActive ? (apiKey.lastValidatedAt == null && apiKey.status === 'normal' ? 'unvalidated' : apiKey.status) : 'off'} reason={apiKey.statusReason} until={apiKey.coolingUntil} />
          <span className="quiet">
            {t('check.last')} <Time at={apiKey.lastValidatedAt} none={common('never')} />
          </span>
        </span>
        <Button loading={check.isPending} onClick={() => void run().catch(() => undefined)}>
          {t('check.validate')}
        </Button>
      </div>
      {check.error ? <Failure error={check.error} /> : null}
      {verdict ? <VerdictLine verdict={verdict} /> : null}
    </li>
  );
}
