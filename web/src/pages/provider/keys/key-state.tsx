import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { Headroom, StateTag } from '@/components';
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

/** Bars of what was used of its limits; `tall` is the drawer's, with whole names. */
export function KeyLimits({ apiKey, tall = false }: { apiKey: UpstreamKey; tall?: boolean }) {
  const { t } = useTranslation('keys');
  return (
    <div className={tall ? 'key-limits tall' : 'key-limits'}>
      {usesOf(apiKey).map(({ name, used, limit, isLearned }) => (
        <div key={name}>
          <Headroom used={used} limit={limit} label={tall ? t(`limitNames.${name}`) : t(`limits.${name}`)} />
          {tall && isLearned ? <Typography.Text type="secondary" className="learned">{t('learned')}</Typography.Text> : null}
        </div>
      ))}
    </div>
  );
}
