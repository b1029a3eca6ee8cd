import { useTranslation } from 'react-i18next';
import { Page } from '@/components';

export default function ProviderPage() {
  const { t } = useTranslation('providers');
  return <Page title={t('title')}>{null}</Page>;
}
