import { useTranslation } from 'react-i18next';
import { Page } from '@/components';

export default function WelcomePage() {
  const { t } = useTranslation('welcome');
  return <Page title={t('title')}>{null}</Page>;
}
