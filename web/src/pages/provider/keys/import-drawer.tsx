import { CheckCircleOutlined, CloseCircleOutlined } from '@ant-design/icons';
import { Alert, Button, Drawer, Form, Input, InputNumber, Tag } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { column, DataTable, FormDrawer, numberColumn, textColumn } from '@/components';
import type { Provider } from '../../providers/health';
import { useImportKeys, type ImportResult } from './api';
import { keyLines, MOST_LINES, refusedLines } from './import-lines';

interface Props {
  open: boolean;
  provider: Provider;
  onClose: () => void;
  /** Asks the provider whether it lets them in. */
  onCheck: (keys: { id: number; keyName: string }[]) => void;
}

interface Values {
  keys: string;
  keyName: string;
  priority: number | null;
}

type Verdict = ImportResult['results'][number];

/** Several pasted keys at once, a verdict for each line. */
export function ImportDrawer({ open, provider, onClose, onCheck }: Props) {
  const { t } = useTranslation('keys');
  const run = useImportKeys(provider.id);
  const [sent, setSent] = useState<{ text: string; result: ImportResult } | null>(null);
  const [left, setLeft] = useState('');
  const close = () => {
    onClose();
    setSent(null);
    setLeft('');
  };
  if (open && sent) {
    const mend = () => {
      setLeft(refusedLines(sent.text, sent.result.results));
      setSent(null);
    };
    return <Verdicts provider={provider} result={sent.result} onMend={mend} onClose={close} onCheck={onCheck} />;
  }
  const submit = async ({ keys, keyName, priority }: Values) => {
    const result = await run.mutateAsync({
      keys,
      ...(keyName.trim() ? { keyName: keyName.trim() } : {}),
      ...(priority === null ? {} : { priority }),
    });
    setSent({ text: keys, result });
  };
  return (
    <FormDrawer<Values>
      // What was refused stands there again, to be corrected.
      key={left}
      open={open}
      width={640}
      title={t('importing.title', { name: provider.providerName })}
      initial={{ keys: left, keyName: t('importing.defaultName'), priority: 100 }}
      submitText={t('import')}
      onClose={close}
      onSubmit={submit}
    >
      <Fields />
    </FormDrawer>
  );
}

function Fields() {
  const { t } = useTranslation('keys');
  const text = Form.useWatch<string | undefined>('keys') ?? '';
  return (
    <>
      <Form.Item
        name="keys"
        label={t('importing.keys')}
        extra={
          <>
            {t('importing.hint')} <strong>{t('importing.found', { count: keyLines(text).length })}</strong>
          </>
        }
        rules={[
          {
            validator: (_rule, value: string | undefined) => {
              const count = keyLines(value ?? '').length;
              if (count === 0) return Promise.reject(new Error(t('importing.none')));
              return count > MOST_LINES ? Promise.reject(new Error(t('importing.tooMany', { count: MOST_LINES }))) : Promise.resolve();
            },
          },
        ]}
      >
        <Input.TextArea rows={10} className="mono" spellCheck={false} autoComplete="off" placeholder={'sk-…\nmain sk-…\n# …'} wrap="off" />
      </Form.Item>
      <div className="form-pair">
        <Form.Item name="keyName" required label={t('importing.keyName')} extra={t('importing.keyNameHint')}>
          <Input maxLength={80} />
        </Form.Item>
        <Form.Item name="priority" required label={t('importing.priority')}>
          <InputNumber<number> min={-1_000_000} max={1_000_000} precision={0} />
        </Form.Item>
      </div>
    </>
  );
}

interface VerdictsProps extends Pick<Props, 'provider' | 'onCheck'> {
  result: ImportResult;
  onMend: () => void;
  onClose: () => void;
}

function Verdicts({ provider, result, onMend, onClose, onCheck }: VerdictsProps) {
  const { t } = useTranslation('keys');
  const { added, results } = result;
  const keys = results.flatMap((each) => (each.keyId == null ? [] : [{ id: each.keyId, keyName: each.keyName }]));
  const check = () => {
    onClose();
    onCheck(keys);
  };
  return (
    <Drawer
      open
      size={Math.min(640, window.innerWidth)}
      title={t('importing.title', { name: provider.providerName })}
      onClose={onClose}
      footer={
        <div className="row spread">
          <span>{added < results.length ? <Button onClick={onMend}>{t('importing.mend')}</Button> : null}</span>
          <div className="row">
            <Button onClick={onClose}>{t('importing.finish')}</Button>
            {keys.length > 0 ? <Button type="primary" onClick={check}>{t('importing.check')}</Button> : null}
          </div>
        </div>
      }
    >
      <div className="stack">
        <Alert type={added === results.length ? 'success' : 'warning'} showIcon role="status" title={t('importing.added', { added, total: results.length })} />
        <VerdictTable results={results} />
      </div>
    </Drawer>
  );
}

function VerdictTable({ results }: { results: Verdict[] }) {
  const { t } = useTranslation('keys');
  const columns = [
    numberColumn<Verdict>('line', t('importing.line'), (row) => row.line),
    textColumn<Verdict>('name', t('importing.name'), (row) => row.keyName),
    textColumn<Verdict>('key', t('importing.key'), (row) => <code className="mono">{row.apiKey}</code>),
    column<Verdict>('verdict', t('importing.verdict'), (row) => (
      <span className="row">
        <Tag color={row.isAdded ? 'green' : 'red'} icon={row.isAdded ? <CheckCircleOutlined /> : <CloseCircleOutlined />}>
          {t(row.isAdded ? 'importing.isAdded' : 'importing.isRefused')}
        </Tag>
        {row.reason}
      </span>
    )),
  ];
  return <DataTable<Verdict> label={t('importing.verdict')} rows={results} columns={columns} rowKey={(row) => row.line} />;
}
