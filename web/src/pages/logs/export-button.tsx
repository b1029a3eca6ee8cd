import { DownloadOutlined } from '@ant-design/icons';
import { App, Button, Popconfirm, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { Failure, LongWork } from '@/components';
import { formatBytes, formatExact } from '@/format';
import type { Wanted } from '@/components/calls';
import { callExport, useCallExport } from './export';

const KEY = 'call-export';

interface Props {
  wanted: Wanted;
  total: number;
  isCapped: boolean;
}

/** Writes the calls into a file; a notice tells how far it is, on whichever page one is meanwhile. */
export function ExportButton({ wanted, total, isCapped }: Props) {
  const { t } = useTranslation('logs');
  const { t: common } = useTranslation();
  const { notification } = App.useApp();
  const { state } = useCallExport();
  const start = () => {
    notification.open({
      key: KEY,
      title: t('export.title'),
      description: <Progress onLeave={() => notification.destroy(KEY)} onRetry={start} />,
      duration: 0,
      placement: 'bottomRight',
    });
    void callExport.start(wanted, isCapped ? undefined : total);
  };
  const show = () =>
    notification.open({
      key: KEY,
      title: t('export.title'),
      description: <Progress onLeave={() => notification.destroy(KEY)} onRetry={start} />,
      duration: 0,
      placement: 'bottomRight',
    });
  const count = isCapped ? `${formatExact(total)}+` : formatExact(total);
  if (state === 'running') {
    return (
      <Button icon={<DownloadOutlined aria-hidden />} loading onClick={show}>
        {t('export.running')}
      </Button>
    );
  }
  return (
    <Popconfirm
      title={t('export.question', { count: total, calls: count })}
      description={<div className="export-note">{t('export.note')}</div>}
      okText={t('export.start')}
      cancelText={common('cancel')}
      onConfirm={start}
      placement="bottomRight"
    >
      <Button icon={<DownloadOutlined aria-hidden />} disabled={total === 0}>
        {t('export.button')}
      </Button>
    </Popconfirm>
  );
}

function Progress({ onLeave, onRetry }: { onLeave: () => void; onRetry: () => void }) {
  const { t } = useTranslation('logs');
  const { t: common } = useTranslation();
  const { state, rows, bytes, calls, error } = useCallExport();
  const written = t('export.written', { count: rows, rows: formatExact(rows), size: formatBytes(bytes) });
  if (state === 'failed' && error) return <Failure error={error} onRetry={onRetry} />;
  if (state === 'stopped') return <Typography.Text>{t('export.stopped')}</Typography.Text>;
  if (state === 'done') return <Typography.Text data-testid="export-done">{t('export.done', { written })}</Typography.Text>;
  return (
    <div className="stack">
      {/* A call has one row and more, so its end is known only when it is there. */}
      <LongWork title={written} done={Math.min(rows, (calls ?? 1) - 1)} total={calls} onLeave={onLeave} />
      <Button size="small" onClick={() => callExport.stop()}>
        {common('cancel')}
      </Button>
    </div>
  );
}
