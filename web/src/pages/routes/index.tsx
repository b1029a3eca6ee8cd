import { useTranslation } from 'react-i18next';
import { Page } from '@/components';

export default function RoutesPage() {
  const { t } = useTranslation('routes');
  return <Page title={t('title')}>{null}</Page>;
}
