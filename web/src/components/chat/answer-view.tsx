import { BulbOutlined, LoadingOutlined, ToolOutlined } from '@ant-design/icons';
import { Button, Tag } from 'antd';
import { memo } from 'react';
import { useTranslation } from 'react-i18next';
import { CopyButton, Failure, Snippet } from '..';
import type { ToolCall } from '../snippets/chat-body';
import { isRunning, type Answer } from './conversation';
import { AnswerFacts } from './answer-facts';
import './chat.css';
import { MarkdownView } from './markdown-view';

interface Props {
  answer: Answer;
  /** Asks the same again; only of the last answer. */
  onAgain?: (() => void) | undefined;
}

/** An answer as far as it has come, with what it took. */
export const AnswerView = memo(function AnswerView({ answer, onAgain }: Props) {
  const { t } = useTranslation('playground');
  return (
    <article className="answer" aria-busy={isRunning(answer)} data-state={answer.state}>
      {answer.reasoning ? <Reasoning answer={answer} /> : null}
      {answer.state === 'waiting' ? (
        <span className="quiet">
          <LoadingOutlined /> {t('waiting')}
        </span>
      ) : null}
      {answer.text ? <MarkdownView text={answer.text} /> : null}
      {answer.refusal ? <p className="refusal">{t('refused', { text: answer.refusal })}</p> : null}
      {answer.calls.map((call) => (
        <Call key={call.id} call={call} />
      ))}
      {answer.problem ? <Failure error={answer.problem} onRetry={onAgain} /> : null}
      {answer.state === 'stopped' ? <Tag>{t('stopped')}</Tag> : null}
      <footer className="answer-foot">
        <AnswerFacts answer={answer} />
        {isRunning(answer) ? null : (
          <span className="row">
            {answer.text ? <CopyButton text={answer.text} label={t('copyAnswer')} /> : null}
            {onAgain && answer.state !== 'failed' ? (
              <Button size="small" type="text" onClick={onAgain}>
                {t('again')}
              </Button>
            ) : null}
          </span>
        )}
      </footer>
    </article>
  );
});

function Reasoning({ answer }: { answer: Answer }) {
  const { t } = useTranslation('playground');
  return (
    <details className="reasoning" open={answer.text === '' && isRunning(answer)}>
      <summary>
        <BulbOutlined /> {t('reasoning')}
      </summary>
      <div className="reasoning-text">{answer.reasoning}</div>
    </details>
  );
}

function Call({ call }: { call: ToolCall }) {
  const { t } = useTranslation('playground');
  return (
    <div className="tool-call">
      <span>
        <ToolOutlined /> {t('calls')} <strong className="mono">{call.function.name}</strong>
      </span>
      <Snippet language={t('arguments')} code={pretty(call.function.arguments)} />
    </div>
  );
}

function pretty(text: string): string {
  try {
    return JSON.stringify(JSON.parse(text), null, 2);
  } catch {
    return text;
  }
}
