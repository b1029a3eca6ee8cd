import { useTranslation } from 'react-i18next';
import { Page } from '@/components';

export default function ErrorsPage() {
  const { t } = useTranslation('errors');
  return <Page title={t('title')}>{null}</Page>;
}
