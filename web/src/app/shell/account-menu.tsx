import { FileTextOutlined, KeyOutlined, LogoutOutlined, UserOutlined } from '@ant-design/icons';
import { App, Button, Dropdown } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { session, useMe } from '../session';
import { PasswordDialog, WhenOpen } from './dialogs';

/** Who is signed in, and what they do with their account. */
export function AccountMenu() {
  const { t } = useTranslation('shell');
  const { t: common } = useTranslation();
  const { modal } = App.useApp();
  const me = useMe();
  const [isChanging, setChanging] = useState(false);

  const signOutEverywhere = () =>
    modal.confirm({
      title: t('signOutEverywhere'),
      content: t('signOutEverywhereText'),
      okText: t('signOutEverywhere'),
      okButtonProps: { danger: true },
      onOk: () => session.signOut(true),
    });
  const actions: Record<string, () => void> = {
    password: () => setChanging(true),
    docs: () => window.open('/api/docs', '_blank', 'noopener'),
    out: () => void session.signOut(),
    everywhere: signOutEverywhere,
  };
  const items = [
    { key: 'who', type: 'group' as const, label: `${me.username} · ${common(`roles.${me.role}`)}` },
    { key: 'password', icon: <KeyOutlined aria-hidden />, label: t('changePassword') },
    { key: 'docs', icon: <FileTextOutlined aria-hidden />, label: t('apiDocs') },
    { type: 'divider' as const },
    { key: 'out', icon: <LogoutOutlined aria-hidden />, label: t('signOut') },
    { key: 'everywhere', icon: <LogoutOutlined aria-hidden />, label: t('signOutEverywhere'), danger: true },
  ];
  return (
    <>
      <Dropdown menu={{ items, onClick: ({ key }) => actions[key]?.() }} trigger={['click']}>
        <Button type="text" icon={<UserOutlined aria-hidden />} aria-label={`${t('account')}: ${me.username}`}>
          <span className="account-name">{me.username}</span>
        </Button>
      </Dropdown>
      <WhenOpen open={isChanging}>
        <PasswordDialog open={isChanging && !me.mustChangePassword} isForced={false} onClose={() => setChanging(false)} />
      </WhenOpen>
    </>
  );
}
