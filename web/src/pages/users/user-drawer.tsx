import { App, Button, Drawer, Tag } from 'antd';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useMe } from '@/app/session';
import { ConfirmButton, StateTag, Time, useToast } from '@/components';
import { isLastAdmin, useUserChanges, type User } from './api';
import { PasswordForm } from './password-form';
import { Sessions } from './sessions';
import './users.css';

interface Props {
  user: User;
  users: readonly User[];
  onEdit: () => void;
  onClose: () => void;
}

/** One user: what is known of them, where they are signed in, what can be done. */
export function UserDrawer({ user, users, onEdit, onClose }: Props) {
  const { t } = useTranslation('users');
  const { t: common } = useTranslation();
  const [isPasswordOpen, setPasswordOpen] = useState(false);
  const isLast = isLastAdmin(user, users);
  return (
    <Drawer
      open
      title={user.username}
      size={Math.min(560, window.innerWidth)}
      onClose={onClose}
      extra={
        <Button type="primary" onClick={onEdit}>
          {common('edit')}
        </Button>
      }
      footer={<Actions user={user} isLast={isLast} onClose={onClose} />}
    >
      <div className="stack">
        <Facts user={user} />
        <div className="row">
          <Button onClick={() => setPasswordOpen(true)}>{t('password.reset')}</Button>
          <EndSessions user={user} />
          <Link to="/audit" search={{ userId: user.id }}>
            {t('deeds')}
          </Link>
        </div>
        <Sessions userId={user.id} />
      </div>
      {isPasswordOpen ? <PasswordForm user={user} onClose={() => setPasswordOpen(false)} /> : null}
    </Drawer>
  );
}

function Facts({ user }: { user: User }) {
  const { t } = useTranslation('users');
  const { t: common } = useTranslation();
  const facts = [
    [t('role'), common(`roles.${user.role}`)],
    [t('state'), <UserState key="state" user={user} />],
    [t('lastLogin'), <Time key="login" at={user.lastLoginAt} none={common('never')} />],
    [t('madeAt'), <Time key="made" at={user.createdAt} />],
  ] as const;
  return (
    <dl className="user-facts">
      {facts.map(([name, value]) => (
        <div key={name} className="contents">
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}

/** Whether they may sign in, and whether they still have the password that was chosen for them. */
export function UserState({ user }: { user: User }) {
  const { t } = useTranslation('users');
  return (
    <span className="row">
      <StateTag state={user.isActive ? 'active' : 'off'} reason={user.isActive ? null : t('offText')} />
      {user.mustChangePassword ? <Tag>{t('firstPassword')}</Tag> : null}
    </span>
  );
}

function EndSessions({ user }: { user: User }) {
  const { t } = useTranslation('users');
  const toast = useToast();
  const isMe = useMe().id === user.id;
  const { endSessions } = useUserChanges();
  return (
    <ConfirmButton
      title={t('sessions.endTitle', { name: user.username })}
      consequence={isMe ? t('sessions.endMine') : t('sessions.endText')}
      confirmText={t('sessions.end')}
      onConfirm={async () => {
        await endSessions.mutateAsync(user.id);
        toast.done(t('sessions.ended', { name: user.username }));
      }}
    >
      {t('sessions.end')}
    </ConfirmButton>
  );
}

function Actions({ user, isLast, onClose }: { user: User; isLast: boolean; onClose: () => void }) {
  const { t } = useTranslation('users');
  const { t: common } = useTranslation();
  const toast = useToast();
  const isMe = useMe().id === user.id;
  const { update, remove } = useUserChanges();
  const { message } = App.useApp();
  const why = isLast ? t('lastAdmin') : isMe ? t('isYou') : undefined;
  const activate = async (isActive: boolean) => {
    try {
      await update.mutateAsync({ id: user.id, body: { isActive } });
      void message.success(common('saved'));
    } catch (thrown) {
      toast.failed(thrown);
    }
  };
  return (
    <div className="user-actions">
      {why ? <span className="quiet">{why}</span> : null}
      <div className="row">
        {user.isActive ? (
          <ConfirmButton
            title={t('deactivateTitle', { name: user.username })}
            consequence={t('deactivateText')}
            disabled={why !== undefined}
            onConfirm={() => activate(false)}
          >
            {t('deactivate')}
          </ConfirmButton>
        ) : (
          <Button onClick={() => void activate(true)}>{t('activate')}</Button>
        )}
        <ConfirmButton
          danger
          title={t('deleteTitle', { name: user.username })}
          consequence={t('deleteText')}
          disabled={why !== undefined}
          onConfirm={async () => {
            await remove.mutateAsync(user.id);
            toast.done(t('deleted', { name: user.username }));
            onClose();
          }}
        >
          {common('delete')}
        </ConfirmButton>
      </div>
    </div>
  );
}
