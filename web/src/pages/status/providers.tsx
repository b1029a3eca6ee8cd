import { Link } from '@tanstack/react-router';
import { Button, Checkbox, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { Count, DataTable, EmptyState, Headroom, StateTag, column, numberColumn, stateNamed, textColumn, type Column } from '@/components';
import { formatExact, formatPercent } from '@/format';
import { keysOf, type KeyLoad, type ProviderLoad, type Status } from './data';

interface Props {
  status: Status;
  isOnlyOut: boolean;
  onOnlyOut: (isOn: boolean) => void;
}

/** Keys by provider, with who carries how much. */
export function Providers({ status, isOnlyOut, onOnlyOut }: Props) {
  const { t } = useTranslation('status');
  const all = (status.providers ?? []).filter((provider) => provider.keys.total > 0);
  const shown = all.filter((provider) => keysOf(status, provider.providerId, isOnlyOut).length > 0);
  if (status.keys.active === 0) {
    return (
      <EmptyState
        title={t('noKeys.title')}
        text={t('noKeys.text')}
        action={
          <Link to="/providers">
            <Button tabIndex={-1}>{t('noKeys.action')}</Button>
          </Link>
        }
      />
    );
  }
  return (
    <div className="stack">
      <div className="row spread">
        <Checkbox checked={isOnlyOut} onChange={({ target }) => onOnlyOut(target.checked)}>
          {t('onlyOut')}
        </Checkbox>
      </div>
      {isOnlyOut ? null : <Distribution providers={all} />}
      {shown.length === 0 ? <EmptyState title={t('allUsable.title')} text={t('allUsable.text')} /> : null}
      {shown.map((provider) => (
        <Provider key={provider.providerId} provider={provider} keys={keysOf(status, provider.providerId, isOnlyOut)} />
      ))}
    </div>
  );
}

/** Each provider's part of the requests of the last minute. */
function Distribution({ providers }: { providers: readonly ProviderLoad[] }) {
  const { t } = useTranslation('status');
  const sum = providers.reduce((before, provider) => before + provider.rpmUsed, 0);
  const rows = providers.filter((provider) => provider.rpmUsed > 0 || provider.inFlight > 0);
  return (
    <section className="panel stack" aria-label={t('load.title')}>
      <div className="row spread">
        <h2 className="panel-title">{t('load.title')}</h2>
        <Typography.Text type="secondary">{t('load.requests', { count: sum, requests: formatExact(sum) })}</Typography.Text>
      </div>
      {rows.length === 0 ? <Typography.Text type="secondary">{t('load.none')}</Typography.Text> : null}
      {rows.map((provider) => (
        <Share
          key={provider.providerId}
          label={provider.providerName}
          share={provider.share}
          words={t('load.of', { count: provider.rpmUsed, requests: formatExact(provider.rpmUsed), percent: formatPercent(provider.share), flight: formatExact(provider.inFlight) })}
        />
      ))}
    </section>
  );
}

function Share({ label, share, words }: { label: string; share: number; words: string }) {
  return (
    <div className="share">
      <span className="share-name">{label}</span>
      <span className="share-bar" role="meter" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)} aria-valuetext={words}>
        <span className="share-fill" style={{ width: `${share * 100}%` }} />
      </span>
      <span className="share-words quiet">{words}</span>
    </div>
  );
}

function Provider({ provider, keys }: { provider: ProviderLoad; keys: KeyLoad[] }) {
  const { t } = useTranslation('status');
  const { active, usable } = provider.keys;
  const state = active === 0 ? 'off' : usable === 0 ? 'down' : usable < active ? 'degraded' : 'healthy';
  return (
    <section className="panel stack" aria-label={provider.providerName}>
      <div className="row spread">
        <span className="row">
          <h2 className="panel-title">
            <Link to="/providers/$id/$tab" params={{ id: String(provider.providerId), tab: 'keys' }}>
              {provider.providerName}
            </Link>
          </h2>
          <StateTag state={state} />
        </span>
        <Typography.Text type="secondary">
          {t('provider.keys', { usable: formatExact(usable), active: formatExact(active) })} · {t(`strategy.${provider.algorithm}`)}
        </Typography.Text>
      </div>
      <DataTable<KeyLoad> label={provider.providerName} rows={keys} rowKey={(key) => key.keyId} columns={useKeyColumns()} pagination={false} empty={<Typography.Text type="secondary">{t('provider.noActive')}</Typography.Text>} />
    </section>
  );
}

function useKeyColumns(): Column<KeyLoad>[] {
  const { t } = useTranslation('status');
  return [
    textColumn('key', t('key.name'), (key) => (
      <Link to="/providers/$id/$tab" params={{ id: String(key.providerId), tab: 'keys' }} search={{ key: key.keyId } as never}>
        {key.keyName}
      </Link>
    )),
    column('state', t('key.state'), (key) => (
      <div className="status-key">
        <StateTag state={stateNamed(key.status)} reason={key.statusReason} until={key.coolingUntil} />
        {key.status === 'normal' || !key.statusReason ? null : <Typography.Text type="secondary" className="break key-reason">{key.statusReason}</Typography.Text>}
      </div>
    )),
    column('rpm', t('key.rpm'), (key) => <Headroom used={key.rpmUsed} limit={key.rateLimitRpm} label="RPM" />, { width: 150 }),
    column('tpm', t('key.tpm'), (key) => <Headroom used={key.tpmUsed} limit={key.rateLimitTpm} label="TPM" />, { width: 150 }),
    numberColumn('flight', t('key.flight'), (key) => key.inFlight),
    textColumn('share', t('key.share'), (key) => formatPercent(key.share), { align: 'right', className: 'numeric' }),
    column('errors', t('key.errors'), (key) => (
      <span title={key.lastError ?? undefined}>
        <Count value={key.errorCount} />
        {key.errorCount > 0 && key.lastError ? <span className="quiet key-error">{key.lastError}</span> : null}
      </span>
    )),
  ];
}
