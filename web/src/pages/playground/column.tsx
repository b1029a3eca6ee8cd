import { CloseOutlined, DeleteOutlined } from '@ant-design/icons';
import { Button, Tooltip } from 'antd';
import { useCallback, useLayoutEffect, useRef, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Money } from '@/components';
import { AnswerView } from '@/components/chat/answer-view';
import { costOf, openCalls, type Entry } from '@/components/chat/conversation';
import { isBusy } from '@/components/chat/pane';
import { QuestionView, ResultsView } from './entries';
import { ModelPicker } from './model-picker';
import { firstModel, type UsableModel } from './models';
import { ResultsForm } from './results-form';
import { askAgain, sendResults, takeBack, type Column as Target } from './send';
import { usePane } from './store';

interface Props {
  target: Target;
  label: string;
  models: readonly UsableModel[];
  isLoading: boolean;
  onModel: (model: string) => void;
  /** Takes the column away; only of the second. */
  onClose?: () => void;
  /** What stands there before anything was asked. */
  empty: ReactNode;
}

/** A conversation with one model. */
export function Column({ target, label, models, isLoading, onModel, onClose, empty }: Props) {
  const { t } = useTranslation('playground');
  const state = usePane(target.pane);
  const { entries } = state;
  const cost = costOf(entries);
  const calls = openCalls(entries);
  const { end, onScroll } = useFollowing(entries);
  return (
    <section className="column" aria-label={label}>
      <header className="column-head">
        <ModelPicker models={models} value={target.model || firstModel(models)} onChange={onModel} label={label} isLoading={isLoading} />
        <span className="row">
          {cost === undefined ? null : (
            <span>
              <span className="quiet">{t('together')}</span> <Money usd={cost} />
            </span>
          )}
          {entries.length > 0 ? (
            <Tooltip title={t('clear')}>
              <Button type="text" icon={<DeleteOutlined aria-hidden />} aria-label={t('clearOf', { name: label })} onClick={() => target.pane.replace([])} />
            </Tooltip>
          ) : null}
          {onClose ? (
            <Tooltip title={t('closeColumn')}>
              <Button type="text" icon={<CloseOutlined aria-hidden />} aria-label={t('closeColumn')} onClick={onClose} />
            </Tooltip>
          ) : null}
        </span>
      </header>
      {/* eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex -- it scrolls, by keys too */}
      <div className="column-scroll" ref={end} onScroll={onScroll} role="log" aria-live="off" aria-label={t('conversationWith', { name: target.model })} tabIndex={0}>
        {entries.length === 0 ? empty : <Entries target={target} entries={entries} />}
        {calls.length > 0 && !isBusy(state) ? <ResultsForm key={entries.length} calls={calls} onSend={(results) => sendResults(target, results)} /> : null}
      </div>
    </section>
  );
}

function Entries({ target, entries }: { target: Target; entries: readonly Entry[] }) {
  const again = useCallback(() => askAgain(target), [target]);
  return entries.map((entry, index) => {
    switch (entry.kind) {
      case 'question':
        return <QuestionView key={entry.id} question={entry} onEdit={() => takeBack(target, entry.id)} />;
      case 'results':
        return <ResultsView key={entry.id} results={entry} />;
      case 'answer':
        return <AnswerView key={entry.id} answer={entry} onAgain={index === entries.length - 1 ? again : undefined} />;
    }
  });
}

/** How far from the end still counts as the end, in pixels. */
const NEAR = 40;

/** Keeps the end in sight while it grows, unless the reader has scrolled away. */
function useFollowing(entries: readonly Entry[]) {
  const end = useRef<HTMLDivElement>(null);
  const isAtEnd = useRef(true);
  useLayoutEffect(() => {
    const { current } = end;
    if (current && isAtEnd.current) current.scrollTop = current.scrollHeight;
  }, [entries]);
  const onScroll = () => {
    const { current } = end;
    if (current) isAtEnd.current = current.scrollHeight - current.scrollTop - current.clientHeight < NEAR;
  };
  return { end, onScroll };
}
