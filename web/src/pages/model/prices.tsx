import { Button, Tag, Tooltip } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { column, DataTable, EmptyState, QueryState, useZone } from '@/components';
import { formatCount, formatDateTime, formatMoney } from '@/format';
import type { ModelRow } from '../models/data';
import { Rate } from '../models/price-text';
import { useVersions } from './data';
import { Part } from './part';
import { isFromTheBeginning, type Price, type Version } from './versions';

interface Props {
  row: ModelRow;
  onNew: () => void;
  onReprice: () => void;
}

/** What a model costs, will cost and did: each version with its dates, source and tiers. */
export function Prices({ row, onNew, onReprice }: Props) {
  const { t } = useTranslation('models');
  const canWrite = useCan('write');
  const { query, versions } = useVersions(row.id);
  return (
    <Part
      title={t('prices.title')}
      extra={
        canWrite ? (
          <span className="row">
            <Button size="small" onClick={onReprice}>
              {t('reprice.action')}
            </Button>
            <Button size="small" type="primary" onClick={onNew}>
              {t('prices.new')}
            </Button>
          </span>
        ) : null
      }
    >
      <p className="quiet part-intro">
        {t('prices.intro')} {t('perMillion')}.
      </p>
      <QueryState query={query} empty={<EmptyState title={t('prices.none')} />} isEmpty={(prices) => prices.length === 0}>
        {() => (
          <ol className="versions">
            {versions?.map((version) => (
              <li key={version.validFrom} data-state={version.state}>
                <VersionHead version={version} />
                <Tiers version={version} />
              </li>
            ))}
          </ol>
        )}
      </QueryState>
    </Part>
  );
}

const colours = { current: 'green', coming: 'blue', former: 'default' } as const;

function VersionHead({ version: { validFrom, until, state, source, tiers } }: { version: Version }) {
  const { t } = useTranslation('models');
  const zone = useZone();
  const from = formatDateTime(validFrom, zone);
  const text = isFromTheBeginning(validFrom)
    ? t('prices.always')
    : until === null
      ? t('prices.from', { from })
      : t('prices.fromTo', { from, to: formatDateTime(until, zone) });
  const fee = tiers[0]?.requestFee ?? 0;
  return (
    <div className="row">
      <Tag color={colours[state]}>{t(`prices.${state}`)}</Tag>
      <span>{text}</span>
      <Tooltip title={t('detail.source')}>
        <Tag>{isSource(source) ? t(`prices.sources.${source}`) : source}</Tag>
      </Tooltip>
      {fee > 0 ? <span>{t('prices.fee', { fee: formatMoney(fee) })}</span> : null}
    </div>
  );
}

function isSource(source: string): source is 'seed' | 'sync' | 'manual' {
  return ['seed', 'sync', 'manual'].includes(source);
}

function Tiers({ version: { tiers } }: { version: Version }) {
  const { t } = useTranslation('models');
  const asPrompt = (price: Price) => (price.costPer1kPromptTokens == null ? '' : t('asPrompt'));
  const rate = (key: 'prompt' | 'completion' | 'cacheRead' | 'cacheWrite' | 'cacheWrite1h', value: (price: Price) => number | null | undefined, instead?: (price: Price) => string) =>
    column<Price>(key, t(`prices.columns.${key}`), (price) => <Rate value={value(price)} instead={instead?.(price)} />, { align: 'right', className: 'numeric' });
  const hasHour = tiers.some((tier) => tier.costPer1kCacheWrite1hTokens != null);
  return (
    <DataTable<Price>
      label={t('prices.title')}
      rows={tiers}
      rowKey={(price) => price.id}
      pagination={false}
      columns={[
        column('tier', t('prices.columns.tier'), (price) => <TierName tiers={tiers} price={price} />),
        rate('prompt', (price) => price.costPer1kPromptTokens),
        rate('completion', (price) => price.costPer1kCompletionTokens),
        rate('cacheRead', (price) => price.costPer1kCacheReadTokens, asPrompt),
        rate('cacheWrite', (price) => price.costPer1kCacheWriteTokens, asPrompt),
        ...(hasHour ? [rate('cacheWrite1h', (price) => price.costPer1kCacheWrite1hTokens, asPrompt)] : []),
      ]}
    />
  );
}

function TierName({ tiers, price }: { tiers: Price[]; price: Price }) {
  const { t } = useTranslation('models');
  if (tiers.length === 1) return <>{t('prices.tierAll')}</>;
  const next = tiers[tiers.indexOf(price) + 1];
  if (price.tierMinPromptTokens > 0) return <>{t('prices.tierFrom', { tokens: formatCount(price.tierMinPromptTokens) })}</>;
  return <>{t('prices.tierUpTo', { tokens: formatCount((next?.tierMinPromptTokens ?? 1) - 1) })}</>;
}
