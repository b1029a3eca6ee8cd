import { useTranslation } from 'react-i18next';
import { Page } from '@/components';

export default function StatusPage() {
  const { t } = useTranslation('status');
  return <Page title={t('title')}>{null}</Page>;
}
