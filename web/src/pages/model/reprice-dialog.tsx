import { DatePicker, Form, Modal } from 'antd';
import dayjs from 'dayjs';
import { useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useQueryClient } from '@tanstack/react-query';
import { LongWork, Snippet, useToast, useZone } from '@/components';
import { formatDateTime, formatExact } from '@/format';
import type { ModelRow } from '../models/data';
import { reprice, useVersions } from './data';
import { PastCalls } from './past-calls';

interface Props {
  open: boolean;
  row: ModelRow;
  onClose: () => void;
}

interface Work {
  fromMs: number;
  toMs: number;
  atMs: number;
}

/** Prices past calls again, a part at a time, with how far it is; it can be stopped, and goes on where it was. */
export function RepriceDialog({ open, row, onClose }: Props) {
  const { t } = useTranslation('models');
  const { versions } = useVersions(row.id);
  const [chosen, setChosen] = useState<string | null>(null);
  const { work, run, stop } = useReprice(row.id, onClose);
  const current = versions?.find(({ state }) => state === 'current');
  const month = dayjs().subtract(30, 'day').startOf('day').toISOString();
  const from = chosen ?? (current && Date.parse(current.validFrom) > Date.parse(month) ? current.validFrom : month);
  return (
    <Modal
      open={open}
      title={t('reprice.dialog', { model: row.model.modelCode })}
      okText={t('reprice.run')}
      okButtonProps={{ disabled: work !== null }}
      onOk={() => void run(from)}
      onCancel={() => {
        stop();
        onClose();
      }}
      destroyOnHidden
      width={600}
    >
      <div className="stack">
        <span>
          {t('reprice.dialogText')} {t('reprice.budgets')}
        </span>
        {work ? (
          <LongWork title={t('reprice.running')} done={Math.round((work.atMs - work.fromMs) / 60_000)} total={Math.round((work.toMs - work.fromMs) / 60_000)} />
        ) : (
          <>
            <Form.Item label={t('reprice.from')} layout="vertical" htmlFor="reprice-from">
              <DatePicker id="reprice-from" showTime allowClear={false} className="wide" value={dayjs(from)} maxDate={dayjs()} onChange={(at) => setChosen(at?.toISOString() ?? null)} />
            </Form.Item>
            <PastCalls modelId={row.id} from={from} />
            <div>
              <span className="quiet">{t('reprice.command')}</span>
              <Snippet language="shell" code={commandOf(row, from)} />
            </div>
          </>
        )}
      </div>
    </Modal>
  );
}

/** What does the same on the server's command line. */
function commandOf({ model, provider }: ModelRow, from: string): string {
  const to = new Date().toISOString().slice(0, 10);
  return `tollgate reprice --from ${from} --to ${to} \\\n  --provider ${provider?.providerCode ?? ''} --model ${model.modelCode}`;
}

function useReprice(id: number, onDone: () => void) {
  const { t } = useTranslation('models');
  const zone = useZone();
  const toast = useToast();
  const client = useQueryClient();
  const [work, setWork] = useState<Work | null>(null);
  const control = useRef<AbortController>(null);

  const run = async (from: string) => {
    const { signal } = (control.current = new AbortController());
    const to = new Date().toISOString();
    let at = from;
    let changed = 0;
    try {
      for (let isLeft = true; isLeft; ) {
        setWork({ fromMs: Date.parse(from), toMs: Date.parse(to), atMs: Date.parse(at) });
        const done = await reprice(id, at, to, signal);
        changed += done.changed;
        isLeft = done.nextFrom != null;
        at = done.nextFrom ?? to;
      }
      toast.done(t('reprice.ran', { count: changed, amount: formatExact(changed) }));
      onDone();
    } catch (thrown) {
      if (signal.aborted) toast.info(t('reprice.stopped', { at: formatDateTime(at, zone) }));
      else toast.failed(thrown);
    } finally {
      setWork(null);
      await Promise.all([client.invalidateQueries({ queryKey: ['stats'] }), client.invalidateQueries({ queryKey: ['reprice'] })]);
    }
  };
  return { work, run, stop: () => control.current?.abort() };
}
