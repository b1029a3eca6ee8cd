import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import type { UpstreamKey } from './state';
import type { WorkKind } from './work';

interface Props {
  keys: readonly UpstreamKey[];
  onRun: (kind: Exclude<WorkKind, 'delete'>) => void;
  onDelete: () => void;
  onClear: () => void;
}

/** What can be done to the keys that are selected. */
export function BulkBar({ keys, onRun, onDelete, onClear }: Props) {
  const { t } = useTranslation('keys');
  const { t: shared } = useTranslation('components');
  const run = (kind: Exclude<WorkKind, 'delete'>) => {
    onRun(kind);
    onClear();
  };
  return (
    <>
      <Button size="small" onClick={() => run('validate')}>{t('bulk.validate')}</Button>
      <Button size="small" disabled={keys.every((key) => key.isActive)} onClick={() => run('on')}>{t('bulk.on')}</Button>
      <Button size="small" disabled={keys.every((key) => !key.isActive)} onClick={() => run('off')}>{t('bulk.off')}</Button>
      <Button size="small" onClick={() => run('reset')}>{t('bulk.reset')}</Button>
      <Button size="small" danger onClick={onDelete}>{t('bulk.delete')}</Button>
      <Button size="small" type="text" onClick={onClear}>{shared('table.clear')}</Button>
    </>
  );
}
