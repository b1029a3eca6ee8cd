import { SyncOutlined } from '@ant-design/icons';
import { Link, useNavigate } from '@tanstack/react-router';
import { Button, Tag, Typography } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useModels } from '@/api/lists';
import type { components } from '@/api/schema';
import { useCan } from '@/app/session';
import { by, column, DataTable, EmptyState, Explained, Money, numberColumn, SearchBox, stateColumn, textColumn, type Column } from '@/components';
import type { Provider } from '../providers/health';
import { DefaultButton, ModelSwitch } from './model-actions';

type Model = components['schemas']['ModelView'];

/** What a provider serves here; each model's own page has the rest. */
export function ModelsTab({ provider, onSync }: { provider: Provider; onSync: () => void }) {
  const { t } = useTranslation('providers');
  const { t: shared } = useTranslation('components');
  const models = useModels();
  const navigate = useNavigate();
  const mayWrite = useCan('write');
  const [words, setWords] = useState<string | undefined>();
  const own = models.data?.filter((model) => model.providerId === provider.id);
  const shown = own?.filter((model) => `${model.modelCode} ${model.modelName}`.toLowerCase().includes(words?.toLowerCase() ?? ''));
  const sync = mayWrite ? <Button icon={<SyncOutlined aria-hidden />} onClick={onSync}>{t('actions.sync')}</Button> : null;
  const empty = own?.length === 0
    ? <EmptyState title={t('models.empty.title')} text={t('models.empty.text')} action={sync} />
    : <EmptyState title={shared('nothingMatches')} />;
  return (
    <div className="stack">
      <div className="keys-bar">
        <SearchBox label={t('models.search')} value={words} onChange={setWords} />
        <div className="row">
          <Link to="/models" search={{ provider: provider.id }}>{t('models.all')}</Link>
          {sync}
        </div>
      </div>
      <DataTable<Model>
        label={t('tabs.models')}
        rows={shown}
        columns={useColumns(provider)}
        rowKey={(model) => model.id}
        error={models.error}
        onRetry={() => void models.refetch()}
        empty={empty}
        onRowClick={(model) => void navigate({ to: '/models/$id', params: { id: String(model.id) } })}
      />
    </div>
  );
}

function useColumns(provider: Provider): Column<Model>[] {
  const { t } = useTranslation('providers');
  const mayWrite = useCan('write');
  const columns: Column<Model>[] = [
    column('code', t('models.code'), (model) => <ModelName model={model} />, { sorter: by((model) => model.modelCode) }),
    textColumn('type', t('models.type'), (model) => t(`types.${model.modelType}`), { sorter: by((model) => model.modelType) }),
    numberColumn('context', t('models.context'), (model) => model.maxInputTokens, { sorter: by((model) => model.maxInputTokens) }),
    column('price', t('models.price'), (model) => <Price model={model} />, { align: 'right', className: 'numeric', sorter: by((model) => model.costPer1kPromptTokens) }),
    stateColumn('lifecycle', t('models.lifecycle'), (model) => ({
      state: model.lifecycle,
      reason: model.shutdownDate ? t('models.retires', { date: model.shutdownDate }) : null,
    })),
  ];
  if (!mayWrite) return columns;
  return [
    ...columns,
    column('active', t('models.active'), (model) => <ModelSwitch model={model} />),
    column('default', '', (model) => (model.isDefault ? null : <DefaultButton provider={provider} model={model} />)),
  ];
}

function ModelName({ model }: { model: Model }) {
  const { t } = useTranslation('providers');
  return (
    <span className="key-name">
      <span className="row">
        <span className="mono">{model.modelCode}</span>
        {model.isDefault ? <Tag color="blue">{t('models.default')}</Tag> : null}
        {model.isMissingUpstream ? <Explained text={t('models.missing')} why={t('models.missingHint')} /> : null}
      </span>
      {model.modelName === model.modelCode ? null : <Typography.Text type="secondary">{model.modelName}</Typography.Text>}
    </span>
  );
}

/** Dollars for a million tokens: what providers' price lists say. */
function Price({ model }: { model: Model }) {
  const { costPer1kPromptTokens: input, costPer1kCompletionTokens: output } = model;
  if (input == null || output == null) return <Money usd={null} />;
  return <><Money usd={perMillion(input)} /> / <Money usd={perMillion(output)} /></>;
}

function perMillion(perThousand: number): string {
  return (Math.round(perThousand * 1e12) / 1e9).toString();
}
