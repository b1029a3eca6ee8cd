import { Descriptions } from 'antd';
import { useTranslation } from 'react-i18next';
import { Time } from '@/components';
import { Context } from '../models/columns';
import type { ModelRow } from '../models/data';
import { LifecycleTag } from '../models/lifecycle-tag';
import { Part } from './part';

/** What a model is and can. */
export function Facts({ row: { model } }: { row: ModelRow }) {
  const { t } = useTranslation('models');
  const can = [
    model.supportsStreaming ? t('abilities.streaming') : null,
    model.supportsFunctionCall ? t('abilities.tools') : null,
    model.supportsVision ? t('abilities.vision') : null,
  ].filter((each) => each !== null);
  const hasConstraints = Object.keys(model.constraints).length > 0;
  const facts = [
    [t('detail.type'), t(`types.${model.modelType}`)],
    [t('detail.limits'), <Context key="c" input={model.maxInputTokens} output={model.maxOutputTokens} />],
    [t('detail.abilities'), can.join(', ') || '–'],
    [t('columns.lifecycle'), <LifecycleTag key="l" model={model} />],
    [t('detail.source'), t(`sources.${model.source}`)],
    ...(hasConstraints
      ? [[t('detail.constraints'), <code key="j" className="mono break">{JSON.stringify(model.constraints)}</code>] as const]
      : []),
    [t('detail.created'), <Time key="n" at={model.createdAt} />],
    [t('detail.updated'), <Time key="u" at={model.updatedAt} />],
  ] as const;
  return (
    <Part title={t('detail.facts')}>
      <Descriptions
        size="small"
        column={1}
        colon={false}
        styles={{ label: { width: 150 } }}
        items={facts.map(([label, children], key) => ({ key, label, children }))}
      />
    </Part>
  );
}
