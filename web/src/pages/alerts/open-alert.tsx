import { Collapse, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNow } from '@/app/now';
import { StateTag, Time } from '@/components';
import { AlertActions } from './actions';
import type { Alert } from './data';
import { Deliveries, DeliveryTags } from './deliveries';
import { factsOf } from './facts';
import { remedyOf, titleOf, whyOf } from './words';

/** Something that is wrong now: what, why, since when, what to do, who knows. */
export function OpenAlert({ alert }: { alert: Alert }) {
  const { t } = useTranslation('alerts');
  const title = titleOf(alert, t);
  return (
    <article className={`alert alert-${alert.level}`} aria-label={title} data-kind={alert.kind}>
      <div className="row spread">
        <span className="row">
          <StateTag state={alert.level} />
          <Typography.Text strong>{title}</Typography.Text>
        </span>
        <span className="quiet">
          {t('since')} <Time at={alert.firedAt} />
        </span>
      </div>
      <AlertBody alert={alert} />
      <AlertActions alert={alert} />
      <Collapse
        size="small"
        ghost
        items={[
          {
            key: 'told',
            label: (
              <span className="row">
                {t('told')} <DeliveryTags deliveries={alert.deliveries} />
              </span>
            ),
            children: <Deliveries deliveries={alert.deliveries} />,
          },
        ]}
      />
    </article>
  );
}

/** Why, and what to do. */
export function AlertBody({ alert }: { alert: Alert }) {
  const { t } = useTranslation('alerts');
  const now = useNow(10_000);
  const { keys, availableAt } = factsOf(alert);
  const isOpen = alert.resolvedAt == null;
  return (
    <div className="alert-body">
      <span className="break">{whyOf(alert, t, now)}</span>
      {isOpen && availableAt && Date.parse(availableAt) > now ? (
        <span>
          {t('free')} <Time at={availableAt} />
        </span>
      ) : null}
      {keys.length > 0 ? (
        <span className="row">
          {keys.map((key) => (
            <StateTag key={key.keyId} state={isState(key.status) ? key.status : 'unknown'} text={key.keyName} until={key.availableAt} />
          ))}
        </span>
      ) : null}
      {isOpen ? (
        <span>
          <strong>{t('do')}</strong> {remedyOf(alert, t)}
        </span>
      ) : null}
    </div>
  );
}

const states = ['normal', 'rate_limited', 'cooling', 'quota_exceeded', 'invalid', 'undecryptable'] as const;

function isState(status: string): status is (typeof states)[number] {
  return (states as readonly string[]).includes(status);
}
