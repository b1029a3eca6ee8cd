import { Button, Progress, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { formatExact } from '@/format';

interface Props {
  title: string;
  done: number;
  /** Unknown: only that something goes on is shown. */
  total?: number | undefined;
  /** Lets it run and goes away. */
  onLeave?: () => void;
}

/** Work that takes longer, with how far it is; it can be left. */
export function LongWork({ title, done, total, onLeave }: Props) {
  const { t } = useTranslation('components');
  const percent = total ? Math.round((done / total) * 100) : 100;
  return (
    <div className="stack" role="status">
      <Typography.Text>{title}</Typography.Text>
      <Progress percent={percent} status={total && done >= total ? 'success' : 'active'} showInfo={total !== undefined} aria-label={title} />
      <div className="row spread">
        <Typography.Text type="secondary">
          {total === undefined ? null : t('long.progress', { done: formatExact(done), total: formatExact(total) })}
        </Typography.Text>
        {onLeave ? <Button size="small" onClick={onLeave}>{t('long.leave')}</Button> : null}
      </div>
    </div>
  );
}
