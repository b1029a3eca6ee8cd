import { Checkbox, Form, Input, InputNumber, Segmented, Select, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { SecretInput } from '@/components';
import type { UpstreamKey } from './state';
import { readCredentials, type Kind, type KeyValues } from './values';

const kinds = ['static', 'remote', 'oauth2'] as const;

/** What a key lets itself in with. The stored one is never shown; it stays until another is typed. */
export function CredentialFields({ apiKey }: { apiKey: UpstreamKey | undefined }) {
  const { t } = useTranslation('keys');
  const replace = Form.useWatch<boolean | undefined>('replace') ?? apiKey === undefined;
  const kind = Form.useWatch<Kind | undefined>('credentialKind') ?? apiKey?.credentialKind ?? 'static';
  return (
    <>
      {apiKey ? (
        <div className="stored">
          <span>
            {t('form.stored', { hint: '' })} <code className="mono">{apiKey.apiKey}</code>{' '}
            <Typography.Text type="secondary">· {t(`kinds.${apiKey.credentialKind}`)}</Typography.Text>
          </span>
          <Form.Item name="replace" valuePropName="checked" noStyle>
            <Checkbox>{t('form.replace')}</Checkbox>
          </Form.Item>
          {replace ? null : <Typography.Text type="secondary">{t('form.storedHint')}</Typography.Text>}
        </div>
      ) : (
        <Form.Item name="replace" valuePropName="checked" hidden><Checkbox /></Form.Item>
      )}
      <Form.Item name="credentialKind" required label={t('form.kind')} extra={t(`form.kindHints.${kind}`)} hidden={!replace}>
        <Segmented options={kinds.map((value) => ({ value, label: t(`kinds.${value}`) }))} />
      </Form.Item>
      {replace && kind === 'static' ? <StaticFields /> : null}
      {replace && kind === 'remote' ? <RemoteFields /> : null}
      {replace && kind === 'oauth2' ? <OAuth2Fields /> : null}
    </>
  );
}

function StaticFields() {
  const { t } = useTranslation('keys');
  return (
    <Form.Item
      name="apiKey"
      label={t('form.apiKey')}
      extra={t('form.sealed')}
      rules={[
        { required: true, whitespace: true, message: t('form.apiKeyNone') },
        { pattern: /^\s*\S*\s*$/, message: t('form.apiKeyForm') },
      ]}
    >
      <SecretInput className="mono" placeholder="sk-…" />
    </Form.Item>
  );
}

function RemoteFields() {
  const { t } = useTranslation('keys');
  const needed = [{ required: true, whitespace: true, message: t('form.needed') }];
  return (
    <>
      <Form.Item name={['remote', 'url']} label={t('form.remote.url')} rules={needed}>
        <Input className="mono" placeholder="https://keys.example.com/key" inputMode="url" spellCheck={false} />
      </Form.Item>
      <Form.Item name={['remote', 'sceneCode']} label={t('form.remote.sceneCode')} rules={needed}>
        <Input className="mono" spellCheck={false} autoComplete="off" />
      </Form.Item>
      <Form.Item name={['remote', 'backupKey']} label={t('form.remote.backupKey')} extra={t('form.remote.backupKeyHint')}>
        <SecretInput className="mono" />
      </Form.Item>
      <div className="form-pair">
        <Form.Item name={['remote', 'expireSeconds']} required label={t('form.remote.expireSeconds')}>
          <InputNumber<number> min={1} precision={0} />
        </Form.Item>
        <Form.Item name={['remote', 'refreshBeforeSeconds']} required label={t('form.remote.refreshBeforeSeconds')}>
          <InputNumber<number> min={0} precision={0} />
        </Form.Item>
      </div>
    </>
  );
}

function OAuth2Fields() {
  const { t } = useTranslation('keys');
  const needed = { required: true, whitespace: true, message: t('form.needed') };
  const formats = (['form', 'json_camel'] as const).map((value) => ({ value, label: t(`form.oauth2.formats.${value}`) }));
  return (
    <>
      <CredentialsFile />
      <Form.Item
        name={['oauth2', 'tokenUrl']}
        label={t('form.oauth2.tokenUrl')}
        rules={[needed, { pattern: /^\s*https?:\/\/\S+\s*$/i, message: t('form.oauth2.tokenUrlForm') }]}
      >
        <Input className="mono" placeholder="https://auth.example.com/oauth/token" inputMode="url" spellCheck={false} />
      </Form.Item>
      <Form.Item name={['oauth2', 'refreshToken']} label={t('form.oauth2.refreshToken')} extra={t('form.sealed')} rules={[needed]}>
        <SecretInput className="mono" />
      </Form.Item>
      <div className="form-pair">
        <Form.Item name={['oauth2', 'clientId']} label={t('form.oauth2.clientId')}>
          <Input className="mono" spellCheck={false} autoComplete="off" />
        </Form.Item>
        <Form.Item name={['oauth2', 'clientSecret']} label={t('form.oauth2.clientSecret')} extra={t('form.oauth2.clientSecretHint')}>
          <SecretInput className="mono" />
        </Form.Item>
        <Form.Item name={['oauth2', 'requestFormat']} required label={t('form.oauth2.requestFormat')}>
          <Select options={formats} />
        </Form.Item>
        <Form.Item name={['oauth2', 'refreshBeforeSeconds']} required label={t('form.oauth2.refreshBeforeSeconds')}>
          <InputNumber<number> min={0} precision={0} />
        </Form.Item>
      </div>
    </>
  );
}

/** Fills in the fields from a file that a provider's own program wrote. */
function CredentialsFile() {
  const { t } = useTranslation('keys');
  const form = Form.useFormInstance<KeyValues>();
  const [problem, setProblem] = useState<'fileJson' | 'fileEmpty' | null>(null);
  const read = (text: string) => {
    if (text.trim() === '') {
      setProblem(null);
      return;
    }
    const found = readCredentials(text);
    if (typeof found === 'string') {
      setProblem(found);
      return;
    }
    setProblem(null);
    form.setFieldsValue({ oauth2: found });
  };
  return (
    <Form.Item
      label={t('form.oauth2.file')}
      htmlFor="credentials-file"
      extra={t('form.oauth2.fileHint')}
      validateStatus={problem ? 'error' : ''}
      help={problem ? t('form.oauth2.fileBad', { why: t(`form.oauth2.${problem}`) }) : undefined}
    >
      <Input.TextArea id="credentials-file" rows={3} className="mono" spellCheck={false} autoComplete="off" placeholder='{ "refresh_token": "…" }' onChange={({ target }) => read(target.value)} />
    </Form.Item>
  );
}
