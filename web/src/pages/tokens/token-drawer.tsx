import { Button, Descriptions, Drawer, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNow } from '@/app/now';
import { StateTag, Time, useZone } from '@/components';
import { formatDate } from '@/format';
import { useTokenActions } from './actions';
import { Budget } from './budget';
import { useOwnerText } from './columns';
import { useUse } from './data';
import { LimitsNow } from './limits';
import { Programs } from './made-dialog';
import { stateOf, type Token } from './token-state';
import { UsagePart } from './usage-part';

const PLACEHOLDER = 'tg-…';

interface Props {
  token: Token | undefined;
  owners: ReadonlyMap<number, string> | undefined;
  onEdit: () => void;
  onClose: () => void;
}

/** One app token: what it may, what it uses, what it used. */
export function TokenDrawer({ token, owners, onEdit, onClose }: Props) {
  return (
    <Drawer open={token !== undefined} title={token?.name ?? ''} size={Math.min(860, window.innerWidth)} onClose={onClose} destroyOnHidden extra={token ? <Buttons token={token} onEdit={onEdit} onClose={onClose} /> : null}>
      {token ? <Content token={token} owners={owners} /> : null}
    </Drawer>
  );
}

function Buttons({ token, onEdit, onClose }: { token: Token; onEdit: () => void; onClose: () => void }) {
  const { t } = useTranslation('tokens');
  const actions = useTokenActions(token, onClose);
  return (
    <span className="row">
      <Button size="small" danger onClick={actions.remove}>
        {t('actions.delete')}
      </Button>
      <Button size="small" loading={actions.isBusy} onClick={actions.toggle}>
        {t(token.isActive ? 'actions.off' : 'actions.on')}
      </Button>
      <Button size="small" type="primary" onClick={onEdit}>
        {t('actions.edit')}
      </Button>
    </span>
  );
}

function Content({ token, owners }: { token: Token; owners: ReadonlyMap<number, string> | undefined }) {
  const { t } = useTranslation('tokens');
  return (
    <div className="stack">
      <Facts token={token} owners={owners} />
      <section className="token-part" aria-label={t('detail.budget')}>
        <h3>{t('detail.budget')}</h3>
        <Budget token={token} withPeriod />
      </section>
      <section className="token-part" aria-label={t('detail.limits')}>
        <h3>{t('detail.limits')}</h3>
        <span className="quiet">{t('limits.now')}</span>
        <LimitsNow token={token} />
      </section>
      <UsagePart token={token} />
      <div className="token-part">
        <Programs token={PLACEHOLDER} allowed={token.allowedModels} intro={t('detail.snippetsText', { placeholder: PLACEHOLDER })} />
      </div>
    </div>
  );
}

function Facts({ token, owners }: { token: Token; owners: ReadonlyMap<number, string> | undefined }) {
  const { t } = useTranslation('tokens');
  const zone = useZone();
  const now = useNow();
  const owner = useOwnerText(owners);
  const use = useUse(token);
  const names = (list: string[]) => (list.length === 0 ? t('detail.any') : list.map((name) => <Tag key={name}>{name}</Tag>));
  const first = use.data?.first ? formatDate(`${use.data.first}T12:00:00Z`, zone) : use.data ? t('neverUsed') : '…';
  const facts = [
    [t('columns.state'), <StateTag key="s" state={stateOf(token, now)} />],
    [t('detail.token'), <code key="h" className="mono">{token.tokenHint}</code>],
    [t('detail.scopes'), token.scopes.map((scope) => t(`scopes.${scope}`)).join(', ')],
    [t('detail.expires'), <Time key="e" at={token.expiresAt} absolute none={t('neverEnds')} />],
    [t('detail.models'), names(token.allowedModels)],
    [t('detail.providers'), names(token.allowedProviders)],
    [t('detail.firstUsed'), first],
    [t('detail.lastUsed'), <Time key="l" at={token.lastUsedAt} none={t('neverUsed')} />],
    [t('detail.created'), <Time key="c" at={token.createdAt} />],
    [t('detail.owner'), owner(token)],
  ] as const;
  return <Descriptions size="small" colon={false} styles={{ label: { width: 130 } }} column={{ xs: 1, sm: 2 }} items={facts.map(([label, children], key) => ({ key, label, children }))} />;
}
