import { Link } from '@tanstack/react-router';
import { Tag, Tooltip, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { column, Count, numberColumn, textColumn, type Column } from '@/components';
import { formatCount } from '@/format';
import { ModelSwitch } from './model-switch';
import { LifecycleTag } from './lifecycle-tag';
import { Rate } from './price-text';
import { RowMenu } from './row-menu';
import type { ModelRow } from './data';
import type { ModelsSearch } from './search';

/** The columns of the list of models. */
export function useModelColumns(search: Pick<ModelsSearch, 'sort' | 'down'>, hasCalls: boolean, onEdit: (id: number) => void): Column<ModelRow>[] {
  const { t } = useTranslation('models');
  const sorted = (key: NonNullable<ModelsSearch['sort']>) => ({
    sorter: true,
    sortOrder: search.sort === key ? (search.down ? ('descend' as const) : ('ascend' as const)) : null,
  });
  const rate = (key: 'prompt' | 'completion', value: (row: ModelRow) => number | null | undefined) =>
    column<ModelRow>(key, <PerMillion text={t(`columns.${key}`)} />, (row) => <Rate value={value(row)} />, {
      align: 'right',
      className: 'numeric',
      ...sorted(key),
    });
  return [
    column('model', t('columns.model'), (row) => <ModelCell row={row} />, { ...sorted('model'), className: 'model-cell' }),
    textColumn('provider', t('columns.provider'), ({ provider }) => provider?.providerName, { responsive: ['md'] }),
    column('context', t('columns.context'), ({ model }) => <Context input={model.maxInputTokens} output={model.maxOutputTokens} />, {
      align: 'right',
      className: 'numeric',
      responsive: ['lg'],
    }),
    rate('prompt', ({ model }) => model.costPer1kPromptTokens),
    rate('completion', ({ model }) => model.costPer1kCompletionTokens),
    column(
      'cacheRead',
      <PerMillion text={t('columns.cacheRead')} />,
      ({ model }) => <Rate value={model.costPer1kCacheReadTokens} instead={model.costPer1kPromptTokens == null ? '' : t('asPrompt')} />,
      { align: 'right', className: 'numeric', responsive: ['xl'] },
    ),
    column('shutdown', t('columns.lifecycle'), ({ model }) => <LifecycleTag model={model} />, sorted('shutdown')),
    hasCalls
      ? numberColumn('calls', t('columns.calls'), ({ uses }) => uses.calls, { ...sorted('calls'), responsive: ['md'] })
      : column('calls', t('columns.calls'), () => '…', { align: 'right', className: 'numeric', responsive: ['md'] }),
    column('on', t('columns.on'), (row) => <ModelSwitch row={row} />),
    column('menu', '', (row) => <RowMenu row={row} onEdit={() => onEdit(row.id)} />, { width: 40 }),
  ];
}

function PerMillion({ text }: { text: string }) {
  const { t } = useTranslation('models');
  return <Tooltip title={t('perMillion')}>{text}</Tooltip>;
}

function ModelCell({ row: { id, model, provider } }: { row: ModelRow }) {
  const { t } = useTranslation('models');
  return (
    <div className="model-name">
      <span>
        <Link to="/models/$id" params={{ id: String(id) }}>
          {model.modelCode}
        </Link>{' '}
        {model.isDefault ? <Tag color="blue">{t('tags.default')}</Tag> : null}
        {model.isMissingUpstream ? (
          <Tooltip title={t('missingText')}>
            <Tag color="gold">{t('tags.missing')}</Tag>
          </Tooltip>
        ) : null}
        {model.modelType === 'chat' ? null : <Tag>{t(`types.${model.modelType}`)}</Tag>}
      </span>
      <Typography.Text type="secondary" className="model-second">
        <span className="only-narrow">{provider?.providerName} · </span>
        {model.modelName === model.modelCode ? null : model.modelName}
      </Typography.Text>
    </div>
  );
}

/** Longest prompt and answer: 128 k / 16 k. */
export function Context({ input, output }: { input: number | null | undefined; output: number | null | undefined }) {
  if (input == null && output == null) return <>–</>;
  return (
    <span className="nowrap">
      <Count value={input} /> / {output == null ? '–' : <span title={String(output)}>{formatCount(output)}</span>}
    </span>
  );
}
