import { ReloadOutlined } from '@ant-design/icons';
import { Alert, Button, Skeleton, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { useProviders } from '@/api/lists';
import { Failure, StateTag, useZone, Waiting } from '@/components';
import { formatClock, formatDate, formatPercent } from '@/format';
import { useOutlook, type Outlook } from './data';
import { nameOf, type Target } from './targets';

/** Which target and which key the next call would get, and why the others would not. */
export function OutlookPart({ targets }: { targets: Target[] | null }) {
  const { t } = useTranslation('routes');
  const query = useOutlook(targets);
  return (
    <section className="route-part" aria-label={t('outlook.title')}>
      <div className="row spread">
        <h3>{t('outlook.title')}</h3>
        <Button size="small" type="text" icon={<ReloadOutlined aria-hidden />} disabled={targets === null} loading={query.isFetching} onClick={() => void query.refetch()}>
          {t('outlook.refresh')}
        </Button>
      </div>
      <p className="quiet">{targets === null ? t('outlook.incomplete') : t('outlook.intro')}</p>
      {targets === null ? null : query.data ? (
        <ol className="outlook">
          {query.data.map((look) => (
            <TargetLook key={nameOf(look)} look={look} />
          ))}
        </ol>
      ) : query.error ? (
        <Failure error={query.error} onRetry={() => void query.refetch()} />
      ) : (
        <Waiting>
          <Skeleton active title={false} paragraph={{ rows: 3 }} />
        </Waiting>
      )}
    </section>
  );
}

function TargetLook({ look }: { look: Outlook }) {
  const { t } = useTranslation('routes');
  const skipped = look.keys.filter((key) => key.skipReason != null);
  return (
    <li>
      <div className="row">
        <span className="mono break">{nameOf(look)}</span>
        {look.share > 0 ? <Typography.Text strong>{t('edit.share', { share: formatPercent(look.share) })}</Typography.Text> : <span className="quiet">{t('edit.onlyAfter')}</span>}
        <Ending look={look} />
      </div>
      {look.error ? <Alert type="warning" showIcon title={look.error} /> : <NextKey look={look} />}
      {skipped.length > 0 ? (
        <ul className="quiet">
          {skipped.slice(0, 6).map((key) => (
            <li key={key.keyId}>
              <SkippedKey look={look} keyLook={key} />
            </li>
          ))}
        </ul>
      ) : null}
    </li>
  );
}

function Ending({ look }: { look: Outlook }) {
  const { t } = useTranslation('routes');
  if (look.lifecycle !== 'deprecating' && look.lifecycle !== 'retired') return null;
  const date = look.shutdownDate ? t('outlook.ends', { date: formatDate(`${look.shutdownDate}T00:00:00Z`, 'UTC') }) : '';
  return <StateTag state={look.lifecycle} reason={`${t(`outlook.${look.lifecycle}`)} ${date}`} />;
}

function NextKey({ look }: { look: Outlook }) {
  const { t } = useTranslation('routes');
  const ready = look.keys.filter((key) => key.skipReason == null);
  const next = look.keys.find((key) => key.keyId === look.nextKeyId);
  const link = useKeyLink(look.providerCode);
  if (look.keys.length === 0) return <StateTag state="error" text={t('outlook.noKeys')} />;
  if (ready.length === 0) return <StateTag state="error" text={t('outlook.noKey')} />;
  if (!next) return <span>{t(look.strategy === 'ip_hash' ? 'outlook.drawnIp' : 'outlook.drawn', { count: ready.length })}</span>;
  return (
    <span>
      <a href={link(next.keyId)}>{t('outlook.nextKey', { key: next.keyName })}</a>
      {look.strategy ? <span className="quiet"> · {t(`outlook.why.${look.strategy}`)}</span> : null}
    </span>
  );
}

type KeyLook = Outlook['keys'][number];

function SkippedKey({ look, keyLook }: { look: Outlook; keyLook: KeyLook }) {
  const { t } = useTranslation('routes');
  const zone = useZone();
  const link = useKeyLink(look.providerCode);
  const until = keyLook.availableAt ? ` ${t('outlook.until', { time: formatClock(keyLook.availableAt, zone) })}` : '';
  return (
    <>
      {t('outlook.passed')}: <a href={link(keyLook.keyId)}>{keyLook.keyName}</a> – {isReason(keyLook.skipReason) ? t(`outlook.skip.${keyLook.skipReason}`) : keyLook.skipReason}
      {until}
    </>
  );
}

const reasons = [
  'tried', 'retry_budget', 'rpm', 'tpm', 'rpd', 'concurrent', 'rate_limited', 'quota_exceeded', 'cooling', 'overloaded',
  'checking', 'invalid', 'model_denied', 'undecryptable',
] as const;

function isReason(reason: string | null | undefined): reason is (typeof reasons)[number] {
  return (reasons as readonly (string | null | undefined)[]).includes(reason);
}

/** Where a key of a provider is looked at. */
function useKeyLink(providerCode: string) {
  const providers = useProviders();
  const provider = providers.data?.find((each) => each.providerCode === providerCode);
  return (key: number) => (provider ? `/providers/${provider.id}/keys?key=${key}` : '/providers');
}
