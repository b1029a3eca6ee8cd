import { Link } from '@tanstack/react-router';
import { Alert, Button, Drawer, Typography } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { EmptyState, StateTag, Time } from '@/components';
import { formatExact } from '@/format';
import { useOutSince } from './api';
import { KeyApps } from './key-apps';
import type { RowActions } from './key-columns';
import { KeyLimits } from './key-state';
import { remediesOf, restsUntil, stateOf, type KeyState, type Remedy, type UpstreamKey } from './state';

interface Props {
  /** The key of the address; `undefined` where there is no such key. */
  apiKey: UpstreamKey | undefined;
  open: boolean;
  onClose: () => void;
  actions: RowActions;
  isBusy: boolean;
}

/** One key: how it stands, since when and why, what helps, who uses it. */
export function KeyDrawer({ apiKey, open, onClose, actions, isBusy }: Props) {
  const { t } = useTranslation('keys');
  const mayWrite = useCan('write');
  const footer = apiKey && mayWrite ? (
    <div className="row spread">
      <Button danger onClick={() => actions.onDelete(apiKey)}>{t('does.delete')}</Button>
      <div className="row">
        <Button loading={isBusy} onClick={() => actions.onValidate(apiKey)}>{t('does.validate')}</Button>
        <Button type="primary" onClick={() => actions.onEdit(apiKey)}>{t('does.edit')}</Button>
      </div>
    </div>
  ) : null;
  return (
    <Drawer open={open} size={Math.min(600, window.innerWidth)} title={apiKey?.keyName ?? t('title')} onClose={onClose} footer={footer} destroyOnHidden>
      {apiKey ? <Body apiKey={apiKey} actions={actions} isBusy={isBusy} /> : <EmptyState title={t('details.missing')} />}
    </Drawer>
  );
}

function Body({ apiKey, actions, isBusy }: { apiKey: UpstreamKey; actions: RowActions; isBusy: boolean }) {
  const { t } = useTranslation('keys');
  return (
    <div className="stack">
      <Standing apiKey={apiKey} actions={actions} isBusy={isBusy} />
      <Section title={t('details.now')}><KeyLimits apiKey={apiKey} /></Section>
      <Section title={t('details.affected')}><KeyApps apiKey={apiKey} /></Section>
      <Section title={t('details.credential')}><Facts apiKey={apiKey} /></Section>
    </div>
  );
}

function Section({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="key-section" aria-label={title}>
      <h3>{title}</h3>
      {children}
    </section>
  );
}

const levels: Partial<Record<KeyState, 'success' | 'info' | 'error'>> = { normal: 'success', unvalidated: 'info', off: 'info', invalid: 'error', undecryptable: 'error' };

function Standing({ apiKey, actions, isBusy }: { apiKey: UpstreamKey; actions: RowActions; isBusy: boolean }) {
  const { t } = useTranslation('keys');
  const mayWrite = useCan('write');
  const state = stateOf(apiKey);
  const since = useOutSince(apiKey);
  const does: Record<Remedy, () => void> = {
    validate: () => actions.onValidate(apiKey),
    reset: () => actions.onReset(apiKey),
    replace: () => actions.onReplace(apiKey),
    switchOn: () => actions.onSwitch(apiKey, true),
  };
  return (
    <Alert
      type={levels[state] ?? 'warning'}
      title={<StateTag state={state} until={restsUntil(apiKey)} />}
      description={
        <div className="stack">
          <span>{t(`what.${state}`)}</span>
          <dl className="key-facts">
            <Fact name={t('details.since')} value={since ? <Time at={since} /> : null} />
            <Fact name={t('details.why')} value={apiKey.statusReason} />
            <Fact name={t('details.lastError')} value={apiKey.lastError === apiKey.statusReason ? null : apiKey.lastError} />
            <Fact name={t('details.failures')} value={apiKey.errorCount > 0 ? formatExact(apiKey.errorCount) : null} />
          </dl>
          {mayWrite ? (
            <div className="row">
              {remediesOf(state).map((remedy, index) => (
                <Button key={remedy} size="small" type={index === 0 ? 'primary' : 'default'} disabled={isBusy} onClick={does[remedy]}>
                  {t(`does.${remedy}`)}
                </Button>
              ))}
            </div>
          ) : null}
        </div>
      }
    />
  );
}

/** A fact, where there is one to tell. */
function Fact({ name, value }: { name: string; value: ReactNode }) {
  if (value === null || value === undefined || value === '') return null;
  return (
    <>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </>
  );
}

function Facts({ apiKey }: { apiKey: UpstreamKey }) {
  const { t } = useTranslation('keys');
  const search = { keyId: apiKey.id, range: '24h' };
  return (
    <>
      <dl className="key-facts">
        <Fact name={t(`kinds.${apiKey.credentialKind}`)} value={<code className="mono">{apiKey.apiKey}</code>} />
        <Fact name={t('details.baseUrl')} value={apiKey.baseUrl ? <code className="mono break">{apiKey.baseUrl}</code> : null} />
        <Fact name={t('details.priority')} value={formatExact(apiKey.priority)} />
        <Fact name={t('details.weight')} value={formatExact(apiKey.weight)} />
        <Fact name={t('details.inFlight')} value={formatExact(apiKey.inFlight)} />
        <Fact name={t('details.lastUsed')} value={<Time at={apiKey.lastUsedAt} none={t('details.never')} />} />
        <Fact name={t('details.lastValidated')} value={<Time at={apiKey.lastValidatedAt} none={t('details.never')} />} />
        <Fact name={t('details.created')} value={<Time at={apiKey.createdAt} absolute />} />
      </dl>
      <Typography.Text className="row">
        <Link to="/logs" search={search}>{t('details.toCalls')}</Link>
        <Link to="/logs" search={{ failedKeyId: apiKey.id, range: '24h' }}>{t('details.toFailures')}</Link>
      </Typography.Text>
    </>
  );
}
