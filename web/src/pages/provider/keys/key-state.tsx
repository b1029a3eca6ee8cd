import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { Headroom, StateTag } from '@/components';
import { formatCount } from '@/format';
import { restsUntil, stateOf, usesOf, type UpstreamKey } from './state';

/** How a key stands and why; the countdown goes on by itself. */
export function KeyStateCell({ apiKey }: { apiKey: UpstreamKey }) {
  const { t } = useTranslation('keys');
  const state = stateOf(apiKey);
  const reason = state === 'normal' ? null : state === 'off' || state === 'unvalidated' ? null : (apiKey.statusReason ?? t(`what.${state}`));
  return (
    <div className="key-state">
      <StateTag state={state} until={restsUntil(apiKey)} />
      {reason ? (
        <Typography.Text type="secondary" ellipsis={{ tooltip: reason }}>
          {reason}
        </Typography.Text>
      ) : null}
    </div>
  );
}

/** Bars of what was used of its limits; what is unlimited is said in one line. */
export function KeyLimitsCell({ apiKey }: { apiKey: UpstreamKey }) {
  const { t } = useTranslation('keys');
  const { t: common } = useTranslation();
  const uses = usesOf(apiKey);
  const free = uses.filter(({ limit }) => limit === null).map(({ name, used }) => `${t(`limits.${name}`)} ${formatCount(used)}`);
  return (
    <div className="key-limits">
      {uses.map(({ name, used, limit }) => (limit === null ? null : <Headroom key={name} used={used} limit={limit} label={t(`limits.${name}`)} />))}
      {free.length > 0 ? <Typography.Text type="secondary">{free.join(' · ')} · {common('unlimited').toLowerCase()}</Typography.Text> : null}
    </div>
  );
}

/** The same for the drawer, with whole names. */
export function KeyLimits({ apiKey }: { apiKey: UpstreamKey }) {
  const { t } = useTranslation('keys');
  return (
    <div className="key-limits tall">
      {usesOf(apiKey).map(({ name, used, limit, isLearned }) => (
        <div key={name}>
          <Headroom used={used} limit={limit} label={t(`limitNames.${name}`)} />
          {isLearned ? <Typography.Text type="secondary" className="learned">{t('learned')}</Typography.Text> : null}
        </div>
      ))}
    </div>
  );
}
