import { useTranslation } from 'react-i18next';
import { useToast } from '@/components';
import { formatDuration } from '@/format';
import { useDeleteKey, useResetKey, useUpdateKey, useValidateKey, type Verdict } from './api';
import type { UpstreamKey } from './state';
import { startWork, type WorkKind } from './work';

type Named = Pick<UpstreamKey, 'id' | 'keyName'>;

/** What can be done to one key at once; each tells how it went. */
export function useKeyActions() {
  const { t } = useTranslation('keys');
  const toast = useToast();
  const [validate, reset, update] = [useValidateKey(), useResetKey(), useUpdateKey()];
  const telling = async <T>(work: Promise<T>, tell: (result: T) => void) => {
    try {
      tell(await work);
    } catch (thrown) {
      toast.failed(thrown);
    }
  };
  return {
    isBusy: validate.isPending || reset.isPending || update.isPending,
    validate: ({ id, keyName: name }: Named) =>
      telling(validate.mutateAsync(id), (verdict) => {
        if (verdict.isValid) toast.done(t('told.valid', { name, time: formatDuration(verdict.latencyMs) }));
        else toast.failed(new Error(t('told.invalid', { name, reason: verdict.reason ?? t('told.refused') })));
      }),
    reset: ({ id, keyName: name }: Named) => telling(reset.mutateAsync(id), () => toast.done(t('told.reset', { name }))),
    setActive: ({ id, keyName: name }: Named, isActive: boolean) =>
      telling(update.mutateAsync({ id, patch: { isActive } }), () => toast.done(t(isActive ? 'told.on' : 'told.off', { name }))),
  };
}

/** Nothing to object once it is done. */
async function done(work: Promise<unknown>): Promise<null> {
  await work;
  return null;
}

/** Does the same to several keys; it goes on while other pages are looked at. */
export function useBulk(providerId: number) {
  const { t } = useTranslation('keys');
  const [validate, reset, update, remove] = [useValidateKey(), useResetKey(), useUpdateKey(), useDeleteKey()];
  const why = (verdict: Verdict) => (verdict.isValid ? null : (verdict.reason ?? t('told.refused')));
  const acts: Record<WorkKind, (id: number) => Promise<string | null>> = {
    validate: async (id) => why(await validate.mutateAsync(id)),
    reset: (id) => done(reset.mutateAsync(id)),
    on: (id) => done(update.mutateAsync({ id, patch: { isActive: true } })),
    off: (id) => done(update.mutateAsync({ id, patch: { isActive: false } })),
    delete: (id) => done(remove.mutateAsync(id)),
  };
  return (kind: WorkKind, keys: readonly Named[]) =>
    startWork(providerId, kind, keys.map(({ id, keyName }) => ({ id, name: keyName })), ({ id }) => acts[kind](id));
}
