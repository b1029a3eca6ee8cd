import { MenuFoldOutlined, MenuOutlined, MenuUnfoldOutlined, SearchOutlined } from '@ant-design/icons';
import { Outlet, useNavigate, useRouter, useRouterState } from '@tanstack/react-router';
import { Button, Drawer, Grid, Layout } from 'antd';
import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { queryClient } from '@/api/query';
import { Wordmark, Mark } from '@/components/logo';
import { NoPermission } from '@/components/query-state';
import { pageAt, pagesOf } from '../pages';
import { preferences } from '../preferences';
import { useMe, useSession, type Role } from '../session';
import { AccountMenu } from './account-menu';
import { LanguageMenu } from './language-menu';
import { Navigation } from './navigation';
import { OfflineBanner } from './offline-banner';
import { ExpiredDialog, Palette, PasswordDialog, WhenOpen } from './dialogs';
import { usePastedCall } from './pasted-call';
import './shell.css';
import { ThemeMenu } from './theme-menu';

/** Everything around a page, for who is signed in; who has signed out is led to the sign-in page. */
export default function Shell() {
  const { status, me } = useSession();
  const navigate = useNavigate();
  useEffect(() => {
    if (status !== 'out') return;
    // Whoever signs in next sees nothing of what this person saw.
    queryClient.clear();
    void navigate({ to: '/login', search: { next: undefined } });
  }, [status, navigate]);
  return me ? <Frame /> : null;
}

function Frame() {
  const { t } = useTranslation('shell');
  const me = useMe();
  const { status } = useSession();
  const path = useRouterState({ select: (state) => state.location.pathname });
  const isWide = Grid.useBreakpoint().lg !== false;
  const [isCollapsed, setCollapsed] = useState(() => preferences.read('nav') === 'collapsed');
  const [isMenuOpen, setMenuOpen] = useState(false);
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  usePaletteKey(() => setPaletteOpen(true));
  usePastedCall();
  usePreloadedPages(me.role);

  const collapse = () => {
    preferences.write('nav', isCollapsed ? 'open' : 'collapsed');
    setCollapsed(!isCollapsed);
  };
  return (
    <Layout className="shell" hasSider={isWide}>
      <a className="skip" href="#content">
        {t('skip')}
      </a>
      {isWide ? (
        <Layout.Sider theme="light" width={208} collapsedWidth={56} collapsed={isCollapsed} className="sider">
          <div className="brand">{isCollapsed ? <Mark /> : <Wordmark />}</div>
          <div className="sider-menu">
            <Navigation path={path} isCollapsed={isCollapsed} />
          </div>
          <Button
            type="text"
            block
            className="collapse"
            icon={isCollapsed ? <MenuUnfoldOutlined /> : <MenuFoldOutlined />}
            aria-label={isCollapsed ? t('expand') : t('collapse')}
            title={isCollapsed ? t('expand') : t('collapse')}
            onClick={collapse}
          />
        </Layout.Sider>
      ) : (
        <Drawer open={isMenuOpen} placement="left" size={240} title={<Wordmark />} onClose={() => setMenuOpen(false)} className="menu-drawer">
          <Navigation path={path} isCollapsed={false} onChosen={() => setMenuOpen(false)} />
        </Drawer>
      )}
      <Layout>
        <header className="bar">
          {isWide ? null : <Button type="text" icon={<MenuOutlined aria-hidden />} aria-label={t('openMenu')} onClick={() => setMenuOpen(true)} />}
          <Button className="palette-button" icon={<SearchOutlined aria-hidden />} onClick={() => setPaletteOpen(true)} aria-label={t('palette.open')}>
            <span className="palette-words">{t('palette.placeholder')}</span>
            <kbd>{isMac ? '⌘ K' : 'Ctrl K'}</kbd>
          </Button>
          <span className="bar-gap" />
          <LanguageMenu />
          <ThemeMenu />
          <AccountMenu />
        </header>
        <OfflineBanner />
        <main id="content" tabIndex={-1} className="content">
          <Content path={path} />
        </main>
      </Layout>
      <WhenOpen open={isPaletteOpen}>
        <Palette open={isPaletteOpen} onClose={() => setPaletteOpen(false)} />
      </WhenOpen>
      <WhenOpen open={status === 'expired'}>
        <ExpiredDialog />
      </WhenOpen>
      <WhenOpen open={me.mustChangePassword}>
        <PasswordDialog open={me.mustChangePassword} isForced onClose={() => undefined} />
      </WhenOpen>
    </Layout>
  );
}

/** Loads the scripts of the other pages while nothing else is to do, so that they open at once. */
function usePreloadedPages(role: Role) {
  const router = useRouter();
  useEffect(() => {
    let isOver = false;
    const preload = async () => {
      for (const page of pagesOf(role)) {
        if (isOver) return;
        await router.preloadRoute({ to: page.path }).catch(() => undefined);
      }
    };
    const timer = setTimeout(() => void preload(), 2000);
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [role, router]);
}

/** The page, for roles that may see it. */
function Content({ path }: { path: string }) {
  const me = useMe();
  const page = pageAt(path);
  if (page && !page.roles.includes(me.role)) return <NoPermission />;
  return <Outlet />;
}

const isMac = /mac|iphone|ipad/i.test(navigator.userAgent);

function usePaletteKey(open: () => void) {
  useEffect(() => {
    const listen = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.ctrlKey || event.metaKey) || event.shiftKey || event.altKey) return;
      event.preventDefault();
      open();
    };
    window.addEventListener('keydown', listen);
    return () => window.removeEventListener('keydown', listen);
  }, [open]);
}
