import { App, Button } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError } from '@/api/errors';
import { useNow } from '@/app/now';
import { eachOf, useToast } from '@/components';
import { useChangeToken, useDeleteToken } from './data';
import type { Token } from './token-state';

const MONTH_MS = 30 * 86_400_000;

/** Switches the selected tokens on or off, or deletes them. */
export function BulkActions({ tokens, onDone }: { tokens: readonly Token[]; onDone: () => void }) {
  const { t } = useTranslation('tokens');
  const { t: components } = useTranslation('components');
  const { modal } = App.useApp();
  const toast = useToast();
  const now = useNow(60_000);
  const change = useChangeToken();
  const remove = useDeleteToken();
  const [isBusy, setBusy] = useState(false);

  const run = async (wanted: readonly Token[], work: (token: Token) => Promise<unknown>) => {
    setBusy(true);
    const { done, failures } = await eachOf(wanted, work);
    setBusy(false);
    if (done > 0) toast.done(t('done.many', { count: done }));
    if (failures.length > 0) toast.failed(new Error(t('done.failed', { count: failures.length, why: asApiError(failures[0]).message })));
    onDone();
  };
  const set = (isActive: boolean) =>
    run(tokens.filter((token) => token.isActive !== isActive), ({ id }) => change.mutateAsync({ id, body: { isActive } }));
  const ask = (title: string, text: string, okText: string, act: () => Promise<unknown>) => {
    const used = tokens.filter(({ lastUsedAt }) => lastUsedAt && now - Date.parse(lastUsedAt) < MONTH_MS).map(({ name }) => name);
    const names = used.slice(0, 5).join(', ') + (used.length > 5 ? '…' : '');
    const content = used.length > 0 ? `${text} ${t('confirm.inUse', { count: used.length, names })}` : text;
    modal.confirm({ title, content, okText, okButtonProps: { danger: true }, autoFocusButton: 'cancel', onOk: () => void act() });
  };
  const count = { count: tokens.length };
  return (
    <>
      <Button size="small" disabled={isBusy} onClick={() => void set(true)}>
        {t('actions.on')}
      </Button>
      <Button size="small" disabled={isBusy} onClick={() => ask(t('confirm.bulkOff', count), t('confirm.off'), t('actions.off'), () => set(false))}>
        {t('actions.off')}
      </Button>
      <Button
        size="small"
        danger
        disabled={isBusy}
        onClick={() => ask(t('confirm.bulkDelete', count), t('confirm.delete'), t('actions.delete'), () => run(tokens, ({ id }) => remove.mutateAsync(id)))}
      >
        {t('actions.delete')}
      </Button>
      <Button size="small" type="link" onClick={onDone}>
        {components('table.clear')}
      </Button>
    </>
  );
}
