import { App, Button, Modal } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError } from '@/api/errors';
import { eachOf, LongWork, useToast } from '@/components';
import { useChangeModel, type ModelRow } from './data';
import { isUsed } from './uses';

interface Props {
  rows: readonly ModelRow[];
  onDone: () => void;
}

/** Switches the selected models on or off, several at a time; it can be left to run. */
export function BulkSwitch({ rows, onDone }: Props) {
  const { t } = useTranslation('models');
  const { t: components } = useTranslation('components');
  const { modal } = App.useApp();
  const toast = useToast();
  const change = useChangeModel();
  const [work, setWork] = useState<{ isActive: boolean; done: number; total: number; isHidden: boolean } | null>(null);

  const run = async (isActive: boolean) => {
    const wanted = rows.filter(({ model }) => model.isActive !== isActive);
    setWork({ isActive, done: 0, total: wanted.length, isHidden: false });
    const { done, failures } = await eachOf(wanted, ({ id }) => change.mutateAsync({ id, body: { isActive } }), () =>
      setWork((old) => old && { ...old, done: old.done + 1 }),
    );
    setWork(null);
    if (done > 0) toast.done(t('bulk.done', { count: done }));
    if (failures.length > 0) toast.failed(new Error(t('bulk.failed', { count: failures.length, why: asApiError(failures[0]).message })));
    onDone();
  };
  const askOff = () => {
    const used = rows.filter(({ model, uses }) => model.isActive && isUsed(uses)).map(({ model }) => model.modelCode);
    modal.confirm({
      title: t('bulk.offTitle', { count: rows.length }),
      content: used.length > 0 ? t('confirm.used', { uses: used.slice(0, 5).join(', ') + (used.length > 5 ? '…' : '') }) : t('confirm.off'),
      okText: t('bulk.off'),
      okButtonProps: { danger: true },
      autoFocusButton: 'cancel',
      onOk: () => void run(false),
    });
  };
  return (
    <>
      <Button size="small" disabled={work !== null} onClick={() => void run(true)}>
        {t('bulk.on')}
      </Button>
      <Button size="small" danger disabled={work !== null} onClick={askOff}>
        {t('bulk.off')}
      </Button>
      <Button size="small" type="link" onClick={onDone}>
        {components('table.clear')}
      </Button>
      <Modal open={work !== null && !work.isHidden} footer={null} closable={false} title={null}>
        {work ? (
          <LongWork
            title={t(work.isActive ? 'bulk.progressOn' : 'bulk.progressOff')}
            done={work.done}
            total={work.total}
            onLeave={() => setWork((old) => old && { ...old, isHidden: true })}
          />
        ) : null}
      </Modal>
    </>
  );
}
