import { useNavigate, useSearch } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { Wordmark } from '@/components/logo';
import { useTitle } from '@/components/page';
import { inside } from '../inside';
import { LanguageMenu } from '../shell/language-menu';
import { ThemeMenu } from '../shell/theme-menu';
import { firstPageOf } from './first-page';
import './login.css';
import { SignInForm } from './sign-in-form';

export default function LoginPage() {
  const { t } = useTranslation('login');
  const { next } = useSearch({ from: '/login' });
  const navigate = useNavigate();
  useTitle(t('title'));
  return (
    <main className="login">
      <div className="login-corner row">
        <LanguageMenu />
        <ThemeMenu />
      </div>
      <div className="login-card">
        <Wordmark />
        <h1>{t('title')}</h1>
        <span className="quiet">{t('intro')}</span>
        <SignInForm onDone={async (me) => navigate({ href: inside(next) ?? (await firstPageOf(me)), replace: true })} />
        <span className="quiet">{t('firstHint')}</span>
      </div>
    </main>
  );
}
