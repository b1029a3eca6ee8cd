import { App } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError, remedyOf } from '@/api/errors';

/** Short words at the upper edge: `toast.done('…')`, and `toast.failed(thrown)` with remedy and request id. */
export function useToast() {
  const { message } = App.useApp();
  const { t } = useTranslation('components');
  return useMemo(
    () => ({
      done: (text: string) => void message.success(text),
      info: (text: string) => void message.info(text),
      failed: (thrown: unknown) => {
        const error = asApiError(thrown);
        const id = error.requestId ? ` (${t('requestId')} ${error.requestId})` : '';
        const said = error.kind === 'offline' ? t('offline.message') : error.message;
        void message.error(`${said} ${remedyOf(error, t)}${id}`, 8);
      },
    }),
    [message, t],
  );
}
