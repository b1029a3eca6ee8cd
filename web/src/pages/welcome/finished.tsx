import { Alert } from 'antd';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** All is done: where to go on. */
export function Finished() {
  const { t } = useTranslation('welcome');
  return (
    <Alert
      type="success"
      showIcon
      title={t('finished.title')}
      description={
        <div className="row finished">
          <Link to="/dashboard">{t('finished.dashboard')}</Link>
          <Link to="/routes">{t('finished.routes')}</Link>
          <Link to="/users" search={{ user: 'new' }}>{t('finished.users')}</Link>
          <Link to="/settings" search={{ section: 'channels' }}>{t('finished.alerts')}</Link>
        </div>
      }
    />
  );
}
