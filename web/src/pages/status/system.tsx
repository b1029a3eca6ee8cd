import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { DataTable, Headroom, StateTag, Time, column, numberColumn, textColumn } from '@/components';
import { formatBytes, formatExact } from '@/format';
import { journalState, type Instance, type Journal } from './data';

/** Where records of calls wait for the database. */
export function JournalCard({ journal }: { journal: Journal }) {
  const { t } = useTranslation('status');
  const state = journalState(journal);
  return (
    <section className="panel stack" aria-label={t('journal.title')}>
      <div className="row spread">
        <span className="row">
          <h2 className="panel-title">{t('journal.title')}</h2>
          <StateTag state={state} />
        </span>
        <Typography.Text type="secondary">{t('journal.what')}</Typography.Text>
      </div>
      <dl className="status-facts">
        <dt>{t('journal.waiting')}</dt>
        <dd>{t('journal.records', { count: journal.backlogRecords, records: formatExact(journal.backlogRecords), size: formatBytes(journal.backlogBytes) })}</dd>
        <dt>{t('journal.oldest')}</dt>
        <dd><Time at={journal.oldestAt} none={t('journal.nothing')} /></dd>
        <dt>{t('journal.room')}</dt>
        <dd><Headroom used={journal.usedBytes} limit={journal.maxBytes} label={t('journal.used')} format={formatBytes} /></dd>
        <dt>{t('journal.disk')}</dt>
        <dd><StateTag state={journal.isWritable ? 'healthy' : 'down'} text={t(journal.isWritable ? 'journal.writable' : 'journal.notWritable')} /></dd>
        <dt>{t('journal.database')}</dt>
        <dd><StateTag state={journal.isShipping ? 'healthy' : 'degraded'} text={t(journal.isShipping ? 'journal.shipping' : 'journal.notShipping')} /></dd>
        <dt>{t('journal.lost')}</dt>
        <dd>{journal.dropped + journal.rejected === 0 ? t('journal.noneLost') : t('journal.someLost', { dropped: formatExact(journal.dropped), rejected: formatExact(journal.rejected) })}</dd>
      </dl>
    </section>
  );
}

/** The instances that share the database. */
export function Instances({ instances }: { instances: readonly Instance[] }) {
  const { t } = useTranslation('status');
  return (
    <section className="panel stack" aria-label={t('instance.title')}>
      <h2 className="panel-title">{t('instance.title')}</h2>
      <DataTable<Instance>
        label={t('instance.title')}
        rows={instances}
        rowKey={(instance) => instance.instance}
        pagination={false}
        columns={[
          textColumn('address', t('instance.address'), (instance) => (
            <span>
              {instance.address} {instance.isThis ? <span className="quiet">({t('instance.this')})</span> : null}
            </span>
          )),
          column('state', t('instance.state'), (instance) => (
            <StateTag state={instance.isSilent ? 'down' : 'healthy'} text={t(instance.isSilent ? 'instance.silent' : 'instance.alive')} reason={instance.isSilent ? t('instance.silentWhy') : null} />
          )),
          textColumn('version', t('instance.version'), (instance) => instance.version),
          column('started', t('instance.started'), (instance) => <Time at={instance.startedAt} />),
          column('seen', t('instance.seen'), (instance) => <Time at={instance.seenAt} />),
          numberColumn('backlog', t('instance.backlog'), (instance) => instance.backlogRecords),
        ]}
      />
    </section>
  );
}
