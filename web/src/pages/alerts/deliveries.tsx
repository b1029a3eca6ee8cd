import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { EmptyState, StateTag, Time, textColumn, DataTable, column } from '@/components';
import { formatExact } from '@/format';
import type { Delivery } from './data';

/** Who was told, through which channel, and whether it arrived. */
export function Deliveries({ deliveries }: { deliveries: readonly Delivery[] }) {
  const { t } = useTranslation('alerts');
  return (
    <DataTable<Delivery>
      label={t('delivery.title')}
      rows={deliveries}
      rowKey={(row) => `${row.channel} ${row.event}`}
      pagination={false}
      empty={<EmptyState title={t('delivery.none')} text={t('delivery.noneText')} />}
      columns={[
        textColumn('channel', t('delivery.channel'), (row) => <strong>{row.channel}</strong>),
        textColumn('event', t('delivery.event'), (row) => t(`event.${row.event}`)),
        column('state', t('delivery.state'), (row) => <StateTag state={row.state} />),
        column('when', t('delivery.when'), (row) => <When delivery={row} />),
      ]}
    />
  );
}

function When({ delivery }: { delivery: Delivery }) {
  const { t } = useTranslation('alerts');
  const { state, attempts, deliveredAt, nextAttemptAt, lastError } = delivery;
  return (
    <div>
      {state === 'delivered' ? <Time at={deliveredAt} /> : null}
      {state === 'pending' && nextAttemptAt ? (
        <span>
          {t('delivery.next')} <Time at={nextAttemptAt} />
        </span>
      ) : null}
      {attempts > 1 || state === 'failed' ? <span className="quiet"> · {t('delivery.tries', { count: attempts, tries: formatExact(attempts) })}</span> : null}
      {lastError && state !== 'delivered' ? <Typography.Text type="danger" className="break delivery-error">{lastError}</Typography.Text> : null}
    </div>
  );
}

/** The same in a few tags, for lists. */
export function DeliveryTags({ deliveries }: { deliveries: readonly Delivery[] }) {
  const { t } = useTranslation('alerts');
  if (deliveries.length === 0) return <span className="quiet">{t('delivery.nobody')}</span>;
  return (
    <span className="row">
      {deliveries
        .filter((delivery) => delivery.event === 'fired')
        .map((delivery) => (
          <StateTag key={delivery.channel} state={delivery.state} text={delivery.channel} reason={delivery.lastError ?? t(`event.${delivery.event}`)} />
        ))}
    </span>
  );
}
