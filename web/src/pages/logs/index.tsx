import { useTranslation } from 'react-i18next';
import { Page } from '@/components';

export default function LogsPage() {
  const { t } = useTranslation('logs');
  return <Page title={t('title')}>{null}</Page>;
}
