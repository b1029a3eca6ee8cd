import { useTranslation } from 'react-i18next';
import { Page } from '@/components';

export default function AlertsPage() {
  const { t } = useTranslation('alerts');
  return <Page title={t('title')}>{null}</Page>;
}
