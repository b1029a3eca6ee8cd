import { useTranslation } from 'react-i18next';
import { Page } from '@/components';

export default function TokensPage() {
  const { t } = useTranslation('tokens');
  return <Page title={t('title')}>{null}</Page>;
}
