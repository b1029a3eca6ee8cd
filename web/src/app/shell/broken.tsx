import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { EmptyState } from '@/components/empty-state';

/** A page that failed to draw, or to load because a newer version was installed. */
export function Broken({ error }: { error: unknown }) {
  const { t } = useTranslation('shell');
  const { t: common } = useTranslation();
  const message = error instanceof Error ? error.message : String(error);
  const isOld = /dynamically imported module|module script failed|preload/i.test(message);
  return (
    <EmptyState
      title={t('broken.title')}
      text={
        isOld ? (
          t('broken.update')
        ) : (
          <>
            {t('broken.text')} <code className="mono break">{message}</code>
          </>
        )
      }
      action={<Button onClick={() => window.location.reload()}>{common('reload')}</Button>}
    />
  );
}
