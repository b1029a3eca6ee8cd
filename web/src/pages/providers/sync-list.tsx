import { Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import type { components } from '@/api/schema';
import { column, DataTable, Explained, textColumn } from '@/components';
import { formatExact } from '@/format';
import type { Sync } from './api';

type Model = Sync['models'][number];
type Fact = components['schemas']['FieldChangeView'];

const kinds = ['added', 'updated', 'missing'] as const;

/** What a sync changes: new models, changed ones fact by fact, those that are gone. */
export function SyncList({ found }: { found: Sync }) {
  return (
    <>
      {kinds.map((kind) => (
        <Group key={kind} kind={kind} models={found.models.filter((model) => model.change === kind)} />
      ))}
    </>
  );
}

function Group({ kind, models }: { kind: (typeof kinds)[number]; models: Model[] }) {
  const { t } = useTranslation('providers');
  if (models.length === 0) return null;
  const columns = [
    textColumn<Model>('model', t('sync.model'), (model) => (
      <span className="sync-facts">
        <span className="mono break">{model.modelCode}</span>
        {model.modelName === model.modelCode ? null : <Typography.Text type="secondary">{model.modelName}</Typography.Text>}
      </span>
    )),
    textColumn<Model>('type', t('sync.type'), (model) => t(`types.${model.modelType}`)),
    textColumn<Model>('price', t('sync.price'), (model) => <Price isPriced={model.isPriced} />),
  ];
  if (kind !== 'added') columns.push(column<Model>('change', t('sync.change'), (model) => <Facts model={model} />));
  return (
    <section className="sync-group" aria-label={t(`sync.${kind}`)}>
      <h3>
        {t(`sync.${kind}`)} <span className="quiet">{formatExact(models.length)}</span>
      </h3>
      <Typography.Text type="secondary">{t(`sync.${kind}Hint`)}</Typography.Text>
      <DataTable<Model> label={t(`sync.${kind}`)} rows={models} columns={columns} rowKey={(model) => model.modelCode} />
    </section>
  );
}

function Price({ isPriced }: { isPriced: boolean }) {
  const { t } = useTranslation('providers');
  const { t: common } = useTranslation();
  return isPriced ? <>{t('sync.priced')}</> : <Explained text={common('unpriced')} why={t('sync.unpricedHint')} />;
}

function Facts({ model }: { model: Model }) {
  const { t } = useTranslation('providers');
  if (model.fields.length === 0) return <Typography.Text type="secondary">{t('sync.still')}</Typography.Text>;
  return (
    <span className="sync-facts">
      {model.fields.map((fact) => (
        <FactLine key={fact.field} fact={fact} />
      ))}
    </span>
  );
}

function FactLine({ fact }: { fact: Fact }) {
  const { t } = useTranslation('providers');
  const { t: common } = useTranslation();
  const names = t('sync.fields', { returnObjects: true }) as Record<string, string | undefined>;
  // The row says "missing"; the page says what the provider does.
  const shown = (value: unknown): string => {
    if (fact.field === 'isMissingUpstream') return value === true ? common('no') : common('yes');
    if (value == null) return t('sync.absent');
    return typeof value === 'number' ? formatExact(value) : String(value);
  };
  return (
    <span>
      {names[fact.field] ?? fact.field}: <s className="quiet">{shown(fact.before)}</s> → <strong>{shown(fact.after)}</strong>
    </span>
  );
}
