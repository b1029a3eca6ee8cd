import { Alert, Button, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { LongWork, RequestId } from '@/components';
import { putAway, useWork, type Work } from './work';

/** Work on several keys: how far it is, and at its end what became of each. */
export function WorkPanel({ providerId }: { providerId: number }) {
  const { t } = useTranslation('keys');
  const work = useWork(providerId);
  if (!work) return null;
  if (work.isOver) return <Over work={work} onClose={() => putAway(providerId)} />;
  return (
    <Alert
      type="info"
      title={<LongWork title={t(`work.${work.kind}`)} done={work.outcomes.length} total={work.total} />}
      description={<Typography.Text type="secondary">{t('work.leave')}</Typography.Text>}
    />
  );
}

function Over({ work, onClose }: { work: Work; onClose: () => void }) {
  const { t } = useTranslation('keys');
  const { t: common } = useTranslation();
  const failed = work.outcomes.filter((outcome) => !outcome.isOk);
  const good = work.outcomes.length - failed.length;
  return (
    <Alert
      type={failed.length === 0 ? 'success' : 'warning'}
      showIcon
      role="status"
      title={t(`work.over.${work.kind}`, { good, total: work.total })}
      action={<Button size="small" onClick={onClose}>{common('close')}</Button>}
      description={
        failed.length === 0 ? t('work.all') : (
          <>
            {t('work.failed')}
            <ul className="work-failures">
              {failed.map((outcome) => (
                <li key={outcome.id}>
                  <strong>{outcome.name}</strong>: {outcome.reason} <RequestId id={outcome.requestId} />
                </li>
              ))}
            </ul>
          </>
        )
      }
    />
  );
}
