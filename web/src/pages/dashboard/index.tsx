import { useTranslation } from 'react-i18next';
import { Page } from '@/components';

export default function DashboardPage() {
  const { t } = useTranslation('dashboard');
  return <Page title={t('title')}>{null}</Page>;
}
