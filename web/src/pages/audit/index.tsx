import { useTranslation } from 'react-i18next';
import { Page } from '@/components';

export default function AuditPage() {
  const { t } = useTranslation('audit');
  return <Page title={t('title')}>{null}</Page>;
}
