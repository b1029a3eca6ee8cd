import { Alert, Button, Drawer, Form, Input, Typography } from 'antd';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { asApiError, type ApiError } from '@/api/errors';
import { DataTable, FormFailure, LongWork, ModelSelect, ProviderSelect, StateTag, column, durationColumn, showErrors, textColumn } from '@/components';
import { formatExact } from '@/format';
import type { Status } from './data';
import { trial, useTrial, type Trial, type Tried, type Verdict } from './trial';

interface Fields {
  prompt: string;
  providerCode?: string;
  model?: string;
}

interface Props {
  open: boolean;
  status: Status;
  onClose: () => void;
}

/** Asks every active key something, for real, and tells what came of it as it comes. */
export function KeyTest({ open, status, onClose }: Props) {
  const { t } = useTranslation('status');
  const running = useTrial();
  return (
    <Drawer open={open} size={Math.min(720, window.innerWidth)} title={t('test.title')} onClose={onClose} mask={{ closable: true }} data-testid="key-test">
      <div className="stack">
        {running.state === 'none' ? <Question status={status} /> : <Progress running={running} onLeave={onClose} />}
      </div>
    </Drawer>
  );
}

/** The active keys of active providers. */
function keysOf(status: Status, providerCode: string | undefined): Tried[] {
  return (status.keyDetails ?? []).filter((key) => providerCode === undefined || key.providerCode === providerCode);
}

function Question({ status }: { status: Status }) {
  const { t } = useTranslation('status');
  const [form] = Form.useForm<Fields>();
  const [error, setError] = useState<ApiError | null>(null);
  const providerCode = Form.useWatch('providerCode', form);
  const count = keysOf(status, providerCode).length;
  const start = ({ prompt, providerCode: code, model }: Fields) => {
    setError(null);
    trial.start({ prompt, model }, keysOf(status, code)).catch((thrown: unknown) => {
      const refused = asApiError(thrown);
      // The form comes back with what was typed and the server's words.
      if (refused.details.length > 0) {
        trial.forget();
        setTimeout(() => setError(showErrors(form, refused)));
      }
    });
  };
  return (
    <Form<Fields> form={form} layout="vertical" initialValues={{ prompt: t('test.hello') }} onFinish={start} requiredMark="optional">
      <Typography.Paragraph>{t('test.what')}</Typography.Paragraph>
      <FormFailure error={error} />
      <Form.Item name="prompt" label={t('test.prompt')} rules={[{ required: true, whitespace: true, message: t('test.promptNeeded') }, { max: 4000 }]}>
        <Input.TextArea rows={3} maxLength={4000} />
      </Form.Item>
      <Form.Item name="providerCode" label={t('test.provider')}>
        <ProviderSelect<string> by="code" placeholder={t('test.everyProvider')} />
      </Form.Item>
      <Form.Item name="model" label={t('test.model')} extra={t('test.modelHint')}>
        <ModelSelect<string> by="code" modelType="chat" placeholder={t('test.usualModel')} />
      </Form.Item>
      <Button type="primary" htmlType="submit" disabled={count === 0}>
        {t('test.start', { count, keys: formatExact(count) })}
      </Button>
    </Form>
  );
}

function Progress({ running, onLeave }: { running: Trial; onLeave: () => void }) {
  const { t } = useTranslation('status');
  const { t: common } = useTranslation();
  const { state, keys, verdicts, error } = running;
  const good = verdicts.filter((verdict) => verdict.isOk).length;
  const bad = verdicts.length - good;
  return (
    <>
      {state === 'running' ? (
        <>
          <LongWork title={t('test.running')} done={verdicts.length} total={keys.length} onLeave={onLeave} />
          <Button onClick={trial.stop}>{common('cancel')}</Button>
        </>
      ) : (
        <Alert
          type={bad > 0 ? 'warning' : error ? 'error' : 'success'}
          showIcon
          data-testid="test-result"
          title={error ? error.message : t(state === 'stopped' ? 'test.stopped' : 'test.done', { good: formatExact(good), bad: formatExact(bad) })}
          action={
            <Button size="small" onClick={trial.forget}>
              {t('test.again')}
            </Button>
          }
        />
      )}
      <DataTable<Verdict>
        label={t('test.title')}
        rows={verdicts}
        rowKey={(verdict) => verdict.keyId}
        pagination={false}
        empty={<Typography.Text type="secondary">{t('test.first')}</Typography.Text>}
        columns={[
          textColumn('key', t('key.name'), (verdict) => (
            <span>
              <span className="quiet">{verdict.providerCode} / </span>
              {verdict.keyName}
            </span>
          )),
          column('state', t('test.verdict'), (verdict) => <StateTag state={verdict.isOk ? 'success' : 'failed'} text={t(verdict.isOk ? 'test.good' : 'test.bad')} />),
          durationColumn('took', t('test.took'), (verdict) => verdict.latencyMs),
          textColumn('said', t('test.said'), (verdict) => <span className="break job-result">{verdict.error ?? verdict.model ?? '–'}</span>),
        ]}
      />
      {verdicts.length > 0 ? (
        <Link to="/logs" search={{ range: '1h' } as never}>
          {t('test.calls')}
        </Link>
      ) : null}
    </>
  );
}
