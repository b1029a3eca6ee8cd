import { Alert } from 'antd';
import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import { useOffline } from '@/api/connection';
import { queryClient } from '@/api/query';
import { useToast } from '@/components/toast';

/** Says that the server does not answer, and when it does again; then everything shown is read anew. */
export function OfflineBanner() {
  const { t } = useTranslation('shell');
  const toast = useToast();
  const isOffline = useOffline();
  const was = useRef(false);
  useEffect(() => {
    if (was.current && !isOffline) {
      toast.done(t('back'));
      void queryClient.invalidateQueries();
    }
    was.current = isOffline;
  }, [isOffline, t, toast]);
  return isOffline ? <Alert type="warning" banner showIcon role="alert" title={t('offline')} /> : null;
}
