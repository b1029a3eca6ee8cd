import { Tag, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { EmptyState, QueryState, Time } from '@/components';
import { useSessions, type Session } from './api';
import { programOf } from './program';

/** Where a user is signed in. */
export function Sessions({ userId }: { userId: number }) {
  const { t } = useTranslation('users');
  const sessions = useSessions(userId);
  return (
    <section aria-label={t('sessions.title')}>
      <Typography.Title level={5}>{t('sessions.title')}</Typography.Title>
      <QueryState
        query={sessions}
        isEmpty={(all) => all.length === 0}
        empty={<EmptyState title={t('sessions.none')} text={t('sessions.noneText')} />}
      >
        {(all) => all.map((session) => <One key={session.id} session={session} />)}
      </QueryState>
    </section>
  );
}

function One({ session }: { session: Session }) {
  const { t } = useTranslation('users');
  return (
    <div className="user-session">
      <span className="row">
        <span title={session.userAgent ?? undefined}>{programOf(session.userAgent) ?? t('sessions.unknown')}</span>
        {session.ipAddress ? <code className="mono">{session.ipAddress}</code> : null}
        {session.isCurrent ? <Tag color="blue">{t('sessions.this')}</Tag> : null}
      </span>
      <Typography.Text type="secondary">
        {t('sessions.begun')} <Time at={session.createdAt} /> · {t('sessions.used')}{' '}
        <Time at={session.lastUsedAt ?? session.createdAt} /> · {t('sessions.ends')} <Time at={session.expiresAt} />
      </Typography.Text>
    </div>
  );
}
