import { Drawer, Segmented, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { EmptyState, Snippet, Time } from '@/components';
import type { Entry } from './api';
import './audit.css';
import { ActionTag, ActorName } from './audit-table';
import { changesOf } from './changes';
import { Diff } from './diff';
import { Thing } from './thing';

/** One deed: who, when, from where, and what became of the thing. */
export function EntryDrawer({ entry, onClose }: { entry: Entry; onClose: () => void }) {
  const { t } = useTranslation('audit');
  return (
    <Drawer open title={t('entry', { id: entry.id })} size={Math.min(760, window.innerWidth)} onClose={onClose}>
      <div className="stack">
        <dl className="audit-facts">
          <dt>{t('at')}</dt>
          <dd>
            <Time at={entry.createdAt} absolute />
          </dd>
          <dt>{t('actor')}</dt>
          <dd>
            <ActorName entry={entry} />
          </dd>
          <dt>{t('action')}</dt>
          <dd>
            <ActionTag action={entry.action} /> <Thing entry={entry} />
          </dd>
          <dt>{t('from')}</dt>
          <dd>{entry.ipAddress ? <code className="mono">{entry.ipAddress}</code> : '–'}</dd>
        </dl>
        <Became entry={entry} />
      </div>
    </Drawer>
  );
}

function Became({ entry }: { entry: Entry }) {
  const { t } = useTranslation('audit');
  const [view, setView] = useState<'fields' | 'json'>('fields');
  const changes = changesOf(entry.before, entry.after);
  const hasNothing = entry.before == null && entry.after == null;
  if (hasNothing) return <EmptyState title={t('nothingKept')} text={t('nothingKeptText')} />;
  return (
    <section className="stack" aria-label={t('became')}>
      <div className="row spread">
        <Typography.Title level={5}>{t('became')}</Typography.Title>
        <Segmented
          value={view}
          onChange={setView}
          options={[
            { value: 'fields', label: t('view.fields') },
            { value: 'json', label: 'JSON' },
          ]}
        />
      </div>
      {view === 'json' ? <Whole entry={entry} /> : changes.length === 0 ? <EmptyState title={t('noDifference')} /> : <Diff changes={changes} />}
      <Typography.Text type="secondary">{t('noSecrets')}</Typography.Text>
    </section>
  );
}

function Whole({ entry }: { entry: Entry }) {
  const { t } = useTranslation('audit');
  return (
    <>
      {entry.before == null ? null : <Side title={t('before')} value={entry.before} />}
      {entry.after == null ? null : <Side title={t('after')} value={entry.after} />}
    </>
  );
}

function Side({ title, value }: { title: string; value: unknown }) {
  return (
    <div>
      <Typography.Text strong>{title}</Typography.Text>
      <Snippet language={title} code={JSON.stringify(value, null, 2)} />
    </div>
  );
}
