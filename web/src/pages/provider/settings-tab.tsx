import { EditOutlined } from '@ant-design/icons';
import { useNavigate } from '@tanstack/react-router';
import { Button, Typography } from 'antd';
import { useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { CopyButton, Duration, Time } from '@/components';
import { DeleteProvider } from '../providers/delete-provider';
import type { Provider } from '../providers/health';
import { isKnownQuirk } from '../providers/quirks';

/** What is set of a provider; changed in its form. */
export function SettingsTab({ provider, onEdit }: { provider: Provider; onEdit: () => void }) {
  const { t: common } = useTranslation();
  const mayWrite = useCan('write');
  return (
    <div className="stack provider-settings">
      {mayWrite ? (
        <div className="row"><Button type="primary" icon={<EditOutlined aria-hidden />} onClick={onEdit}>{common('edit')}</Button></div>
      ) : null}
      <Basics provider={provider} />
      <Load provider={provider} />
      <Advanced provider={provider} />
      {mayWrite ? <Danger provider={provider} /> : null}
    </div>
  );
}

function Group({ title, children }: { title: string; children: ReactNode }) {
  return (
    <section className="key-section" aria-label={title}>
      <h3 className="form-section">{title}</h3>
      <dl className="key-facts">{children}</dl>
    </section>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt>{name}</dt>
      <dd>{children}</dd>
    </>
  );
}

function Basics({ provider }: { provider: Provider }) {
  const { t } = useTranslation('providers');
  const { t: common } = useTranslation();
  return (
    <Group title={t('form.basics')}>
      <Fact name={t('form.providerName')}>{provider.providerName}</Fact>
      <Fact name={t('form.providerCode')}><code className="mono">{provider.providerCode}</code> <CopyButton text={provider.providerCode} /></Fact>
      <Fact name={t('form.protocol')}>{t(`form.protocols.${provider.protocol}`)}</Fact>
      <Fact name={t('form.baseUrl')}>
        {provider.baseUrl ? <><code className="mono break">{provider.baseUrl}</code> <CopyButton text={provider.baseUrl} /></> : common('none')}
      </Fact>
      <Fact name={t('form.defaultModel')}>{provider.defaultModel ? <code className="mono">{provider.defaultModel}</code> : common('none')}</Fact>
      <Fact name={t('form.sortOrder')}>{provider.sortOrder}</Fact>
      {provider.description ? <Fact name={t('form.description')}>{provider.description}</Fact> : null}
    </Group>
  );
}

function Load({ provider }: { provider: Provider }) {
  const { t } = useTranslation('providers');
  return (
    <Group title={t('form.load')}>
      <Fact name={t('form.lbStrategy')}>
        {t(`form.strategies.${provider.lbStrategy}`)}{' '}
        <Typography.Text type="secondary">{t(`form.strategyHints.${provider.lbStrategy}`)}</Typography.Text>
      </Fact>
      <Fact name={t('form.connectTimeoutMs')}><Duration ms={provider.connectTimeoutMs} /></Fact>
      <Fact name={t('form.firstTokenTimeoutMs')}><Duration ms={provider.firstTokenTimeoutMs} /></Fact>
      <Fact name={t('form.idleTimeoutMs')}><Duration ms={provider.idleTimeoutMs} /></Fact>
      <Fact name={t('form.totalTimeoutMs')}><Duration ms={provider.totalTimeoutMs} /></Fact>
      <Fact name={t('form.maxRetries')}>{provider.maxRetries}</Fact>
      <Fact name={t('form.queueTimeoutMs')}><Duration ms={provider.queueTimeoutMs} /></Fact>
    </Group>
  );
}

function Advanced({ provider }: { provider: Provider }) {
  const { t } = useTranslation('providers');
  const { t: common } = useTranslation();
  const headers = Object.entries(provider.extraHeaders);
  const quirks = Object.entries(provider.quirks as Record<string, unknown>);
  const params = provider.defaultParams as Record<string, unknown>;
  return (
    <Group title={t('form.advanced')}>
      <Fact name={t('form.extraHeaders')}>
        {headers.length === 0 ? common('none') : headers.map(([name, value]) => <div key={name}><code className="mono break">{name}: {value}</code></div>)}
      </Fact>
      <Fact name={t('form.defaultParams')}>
        {Object.keys(params).length === 0 ? common('none') : <code className="mono break">{JSON.stringify(params)}</code>}
      </Fact>
      <Fact name={t('form.quirks')}>
        {quirks.length === 0 ? t('form.quirksNone') : quirks.map(([name, value]) => (
          <div key={name}>{isKnownQuirk(name) ? t(`quirks.${name}`) : name} <code className="mono quiet break">{name}: {JSON.stringify(value)}</code></div>
        ))}
      </Fact>
      <Fact name={common('saved')}><Time at={provider.updatedAt} /></Fact>
    </Group>
  );
}

function Danger({ provider }: { provider: Provider }) {
  const { t } = useTranslation('providers');
  const navigate = useNavigate();
  const [isAsked, setAsked] = useState(false);
  return (
    <section className="key-section" aria-label={t('danger')}>
      <h3 className="form-section">{t('danger')}</h3>
      <div className="row">
        <Button danger onClick={() => setAsked(true)}>{t('delete.confirm')}</Button>
      </div>
      <DeleteProvider provider={isAsked ? provider : null} onClose={() => setAsked(false)} onDeleted={() => void navigate({ to: '/providers' })} />
    </section>
  );
}
