import { EditOutlined } from '@ant-design/icons';
import { Button, Image, Tooltip } from 'antd';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton } from '@/components';
import type { Question, Results } from '@/components/chat/conversation';

/** What was asked. */
export const QuestionView = memo(function QuestionView({ question, onEdit }: { question: Question; onEdit?: (() => void) | undefined }) {
  const { t } = useTranslation('playground');
  return (
    <article className="question">
      {question.text ? <div className="question-text">{question.text}</div> : null}
      {question.pictures.length > 0 ? (
        <div className="pictures">
          {question.pictures.map((picture) => (
            <Image key={picture.id} src={picture.url} alt={picture.name} height={96} />
          ))}
        </div>
      ) : null}
      <span className="question-foot">
        {question.text ? <CopyButton text={question.text} label={t('copyQuestion')} /> : null}
        {onEdit ? (
          <Tooltip title={t('takeBack')}>
            <Button size="small" type="text" icon={<EditOutlined aria-hidden />} aria-label={t('takeBack')} onClick={onEdit} />
          </Tooltip>
        ) : null}
      </span>
    </article>
  );
});

/** What tools came to. */
export function ResultsView({ results }: { results: Results }) {
  const { t } = useTranslation('playground');
  return (
    <article className="question">
      <span className="quiet">{t('results')}</span>
      {Object.entries(results.results).map(([id, text]) => (
        <code key={id} className="mono break result">
          {text}
        </code>
      ))}
    </article>
  );
}
