import { Modal, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { useRoutes } from '@/api/lists';
import { FormFailure, useToast } from '@/components';
import { routesTo } from '../../providers/dependents';
import type { Provider } from '../../providers/health';
import { useDeleteKey } from './api';
import type { UpstreamKey } from './state';

interface Props {
  provider: Provider;
  /** All keys of the provider. */
  all: readonly UpstreamKey[];
  /** Those to be deleted; closed without. */
  doomed: readonly UpstreamKey[];
  onClose: () => void;
  /** Deletes several, with progress. */
  onMany: (keys: readonly UpstreamKey[]) => void;
  onDeleted: (id: number) => void;
}

/** Whether some key that can carry calls is left. */
export function isUsableLeft(all: readonly UpstreamKey[], doomed: readonly UpstreamKey[]): boolean {
  const gone = new Set(doomed.map((key) => key.id));
  return all.some((key) => !gone.has(key.id) && key.isActive && key.status === 'normal');
}

/** Asks before keys are deleted, and says what depends on them. */
export function DeleteKeys({ provider, all, doomed, onClose, onMany, onDeleted }: Props) {
  const { t } = useTranslation('keys');
  const toast = useToast();
  const remove = useDeleteKey();
  const [only] = doomed;
  if (!only) return null;
  const isOne = doomed.length === 1;
  const submit = () => {
    if (!isOne) {
      onClose();
      onMany(doomed);
      return;
    }
    remove.mutate(only.id, {
      onSuccess: () => {
        toast.done(t('told.deleted', { name: only.keyName }));
        onClose();
        onDeleted(only.id);
      },
    });
  };
  return (
    <Modal
      open
      title={isOne ? t('delete.title', { name: only.keyName }) : t('delete.many', { count: doomed.length })}
      okText={t(isOne ? 'delete.confirm' : 'delete.confirmMany')}
      okButtonProps={{ danger: true, loading: remove.isPending }}
      onOk={submit}
      onCancel={() => {
        remove.reset();
        onClose();
      }}
    >
      <div className="stack">
        <FormFailure error={remove.error} />
        <Consequences provider={provider} all={all} doomed={doomed} />
        <Typography.Text type="secondary">{t('delete.wiped')}</Typography.Text>
      </div>
    </Modal>
  );
}

function Consequences({ provider, all, doomed }: Pick<Props, 'provider' | 'all' | 'doomed'>) {
  const { t } = useTranslation('keys');
  const routes = useRoutes();
  const isLeft = isUsableLeft(all, doomed);
  const wereUsable = isUsableLeft(all, []);
  const sum = (figure: (key: UpstreamKey) => number) => doomed.reduce((total, key) => total + figure(key), 0);
  const today = sum((key) => key.requestsCountToday);
  const inFlight = sum((key) => key.inFlight);
  const names = routesTo(routes.data ?? [], provider.providerCode);
  const isLast = wereUsable && !isLeft;
  const lines = [
    isLast ? t('delete.last', { name: provider.providerName }) : null,
    isLast && provider.modelsCount > 0 ? t('delete.models', { count: provider.modelsCount }) : null,
    isLast && names.length > 0 ? t('delete.routes', { name: provider.providerName, names: names.join(', ') }) : null,
    today > 0 ? t(isLeft ? 'delete.today' : 'delete.todayLast', { count: today }) : null,
    inFlight > 0 ? t('delete.inFlight', { count: inFlight }) : null,
  ].filter((line) => line !== null);
  return lines.length > 0 ? <ul className="consequences">{lines.map((line) => <li key={line}>{line}</li>)}</ul> : null;
}
