import { SendOutlined } from '@ant-design/icons';
import { Alert, App, Button, type ButtonProps } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError, type ApiError } from '@/api/errors';
import { Failure } from '@/components';
import { formatDuration } from '@/format';
import { tryChannel, type Trial } from './api';

type Body = Parameters<typeof tryChannel>[0];

interface Props extends Pick<ButtonProps, 'size'> {
  /** What to try; undefined where the form is not ready for it. */
  body: () => Body | undefined | Promise<Body | undefined>;
  /** Takes the refusal, where the form beside can show it at its fields. */
  onRefused?: (error: ApiError) => void;
}

/** Sends a test notice and tells what came of it. */
export function TestChannel({ body, onRefused, size = 'middle' }: Props) {
  const { t } = useTranslation('settings');
  const { modal } = App.useApp();
  const [isBusy, setBusy] = useState(false);
  const send = async () => {
    setBusy(true);
    try {
      const tried = await body();
      if (!tried) return;
      const trial = await tryChannel(tried);
      modal[trial.isDelivered ? 'success' : 'error']({ title: t(trial.isDelivered ? 'trial.took' : 'trial.refused'), content: <Outcome trial={trial} /> });
    } catch (thrown) {
      const error = asApiError(thrown);
      if (onRefused) onRefused(error);
      else modal.error({ title: t('trial.refused'), content: <Failure error={error} /> });
    } finally {
      setBusy(false);
    }
  };
  return (
    <Button
      size={size}
      icon={<SendOutlined aria-hidden />}
      loading={isBusy}
      onClick={(event) => {
        event.stopPropagation();
        void send();
      }}
    >
      {t('trial.send')}
    </Button>
  );
}

function Outcome({ trial }: { trial: Trial }) {
  const { t } = useTranslation('settings');
  const took = t('trial.latency', { time: formatDuration(trial.latencyMs) });
  const status = trial.status == null ? '' : ` · HTTP ${trial.status}`;
  return (
    <div className="trial stack">
      <span>
        {trial.channel} · {took}
        {status}
      </span>
      {trial.error ? <Alert type="error" title={trial.error} /> : t('trial.look')}
    </div>
  );
}
