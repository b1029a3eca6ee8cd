import { Form, Input, Modal, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useKeys } from '@/api/lists';
import { FormFailure, useToast } from '@/components';
import { useDeleteProvider, useTraffic } from './api';
import { useDependents } from './dependents';
import type { Provider } from './health';
import { trafficById } from './traffic';

interface Props {
  /** Which one; closed without. */
  provider: Provider | null;
  onClose: () => void;
  onDeleted?: () => void;
}

/** Deletes a provider once its code was typed; says what goes with it. */
export function DeleteProvider({ provider, onClose, onDeleted }: Props) {
  return provider ? <Question key={provider.id} provider={provider} onClose={onClose} onDeleted={onDeleted} /> : null;
}

function Question({ provider, onClose, onDeleted }: { provider: Provider } & Pick<Props, 'onClose'> & { onDeleted: (() => void) | undefined }) {
  const { t } = useTranslation('providers');
  const toast = useToast();
  const remove = useDeleteProvider();
  const [typed, setTyped] = useState('');
  const { providerName: name, providerCode: code } = provider;
  const isSure = typed.trim() === code;
  const submit = () => {
    if (!isSure || remove.isPending) return;
    remove.mutate(provider.id, {
      onSuccess: () => {
        toast.done(t('delete.done', { name }));
        onClose();
        onDeleted?.();
      },
    });
  };
  return (
    <Modal
      open
      title={t('delete.title', { name })}
      okText={t('delete.confirm')}
      okButtonProps={{ danger: true, disabled: !isSure, loading: remove.isPending }}
      onOk={submit}
      onCancel={onClose}
    >
      <div className="stack">
        <FormFailure error={remove.error} />
        <Consequences provider={provider} />
        <Form.Item label={t('delete.type', { code })} layout="vertical" htmlFor="delete-code">
          <Input id="delete-code" className="mono" value={typed} autoComplete="off" spellCheck={false} onChange={({ target }) => setTyped(target.value)} onPressEnter={submit} />
        </Form.Item>
      </div>
    </Modal>
  );
}

function Consequences({ provider }: { provider: Provider }) {
  const { t } = useTranslation('providers');
  const keys = useKeys(provider.id);
  const traffic = useTraffic();
  const { routes, isDefault, models } = useDependents(provider);
  const calls = trafficById(traffic.data ?? []).get(String(provider.id))?.calls ?? 0;
  const lines = [
    isDefault ? t('delete.isDefault') : null,
    routes.length > 0 ? t('delete.routes', { names: routes.join(', ') }) : null,
    calls > 0 ? t('delete.traffic', { count: calls }) : null,
    keys.data && keys.data.length > 0 ? t('delete.keys', { count: keys.data.length }) : null,
    models > 0 ? t('delete.models', { count: models }) : null,
  ].filter((line) => line !== null);
  return (
    <>
      {lines.length > 0 ? <ul className="consequences">{lines.map((line) => <li key={line}>{line}</li>)}</ul> : null}
      <Typography.Text type="secondary">{t('delete.keeps')}</Typography.Text>
    </>
  );
}
