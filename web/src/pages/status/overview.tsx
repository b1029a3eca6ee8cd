import { Alert } from 'antd';
import type { ReactNode } from 'react';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { StateTag, type State } from '@/components';
import { formatDuration, formatExact } from '@/format';
import { journalState, type Status } from './data';

const states: Record<string, State> = { ok: 'healthy', degraded: 'degraded', down: 'down' };

/** The answer at a glance: is anything wrong, and what to do. */
export function Overview({ status }: { status: Status }) {
  const { t } = useTranslation('status');
  const { keys, store, journal } = status;
  const count = Math.max(1, status.instances?.length ?? 0);
  const uptime = status.uptimeSeconds ?? 0;
  const out = keys.active - keys.usable;
  return (
    <>
      <Trouble status={status} />
      <div className="status-tiles">
        <Tile label={t('tile.state')} value={<StateTag state={states[status.status] ?? 'unknown'} />} note={t('tile.version', { version: status.version })} />
        <Tile
          label={t('tile.keys')}
          value={t('tile.usable', { usable: formatExact(keys.usable), active: formatExact(keys.active) })}
          note={out > 0 ? t('tile.out', { count: out, keys: formatExact(out) }) : t('tile.off', { count: keys.total - keys.active, keys: formatExact(keys.total - keys.active) })}
        />
        <Tile
          label={t('tile.store')}
          value={<StateTag state={store?.isReachable ? 'healthy' : 'down'} />}
          note={store?.isReachable ? t('tile.answers', { kind: store.kind === 'sqlite' ? 'SQLite' : 'MySQL', time: formatDuration(store.latencyMs) }) : t('tile.away')}
        />
        <Tile
          label={t('tile.journal')}
          value={<StateTag state={journal ? journalState(journal) : 'unknown'} />}
          note={t('tile.waiting', { count: journal?.backlogRecords ?? 0, records: formatExact(journal?.backlogRecords ?? 0) })}
        />
        <Tile
          label={t('tile.uptime')}
          value={formatDuration(uptime * 1000)}
          note={t('tile.instances', { count, instances: formatExact(count) })}
        />
      </div>
    </>
  );
}

function Tile({ label, value, note }: { label: string; value: ReactNode; note: string }) {
  return (
    <div className="status-tile">
      <span className="quiet">{label}</span>
      <b>{value}</b>
      <span className="quiet">{note}</span>
    </div>
  );
}

/** What is wrong in a sentence, with the way to mend it. */
function Trouble({ status }: { status: Status }) {
  const { t } = useTranslation('status');
  const without = (status.providers ?? []).filter((provider) => provider.keys.active > 0 && provider.keys.usable === 0);
  if (status.status === 'ok') return null;
  const names = without.map((provider, place) => (
    <span key={provider.providerId}>
      {place > 0 ? ', ' : ''}
      <Link to="/providers/$id/$tab" params={{ id: String(provider.providerId), tab: 'keys' }}>
        {provider.providerName}
      </Link>
    </span>
  ));
  const hasNoKey = status.keys.usable === 0;
  return (
    <Alert
      type={status.status === 'down' ? 'error' : 'warning'}
      showIcon
      title={status.status === 'degraded' ? t('trouble.degraded') : hasNoKey ? t('trouble.noKey') : t('trouble.journal')}
      description={
        without.length > 0 ? (
          <span>
            {t('trouble.mend')} {names}
          </span>
        ) : (
          <span>
            {t(hasNoKey ? 'trouble.addKey' : 'trouble.room')} {hasNoKey ? <Link to="/providers">{t('noKeys.action')}</Link> : null}
          </span>
        )
      }
    />
  );
}
