import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/empty-state';
import { useTitle } from '@/components/page';

/** There is no page at this address. */
export function NotFound() {
  const { t } = useTranslation('shell');
  useTitle(t('notFound.title'));
  return (
    <main className="content">
      <EmptyState title={t('notFound.title')} text={t('notFound.text')} action={<Link to="/">{t('notFound.action')}</Link>} />
    </main>
  );
}
