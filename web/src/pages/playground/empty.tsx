import { MessageOutlined } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { EmptyState } from '@/components';
import type { Pane } from '@/components/chat/pane';
import { askAsWell, type Column } from './send';
import { playground, usePane } from './store';

const examples = ['story', 'code', 'explain'] as const;

/** A column in which nothing was asked yet. */
export function ColumnStart({ target, other }: { target: Column; other: Pane | undefined }) {
  const { t } = useTranslation('playground');
  const has = usePane(other ?? target.pane).entries.length > 0;
  if (other && has) {
    return (
      <EmptyState
        icon={<MessageOutlined aria-hidden />}
        title={t('asWellTitle')}
        action={<Button onClick={() => askAsWell(target, other)}>{t('asWell')}</Button>}
      />
    );
  }
  const take = (text: string) => playground.draft.set({ ...playground.draft.get(), text });
  return (
    <EmptyState
      icon={<MessageOutlined aria-hidden />}
      title={t('startTitle')}
      text={t('startText')}
      action={
        <div className="examples">
          {examples.map((name) => (
            <Button key={name} onClick={() => take(t(`examples.${name}`))}>
              {t(`examples.${name}`)}
            </Button>
          ))}
        </div>
      }
    />
  );
}

/** No model can be asked: says who can change that. */
export function NoModels() {
  const { t } = useTranslation('playground');
  const canWrite = useCan('write');
  return (
    <EmptyState
      icon={<MessageOutlined aria-hidden />}
      title={t('noModels')}
      text={canWrite ? t('noModelsAdmin') : t('noModelsApp')}
      action={canWrite ? <Link to="/welcome">{t('firstSteps')}</Link> : undefined}
    />
  );
}
