import { CheckCircleFilled, DownOutlined, RightOutlined } from '@ant-design/icons';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { StepName } from './steps';

interface Props {
  number: number;
  name: StepName;
  isDone: boolean;
  isNext: boolean;
  isOpen: boolean;
  onToggle: () => void;
  children: ReactNode;
}

/** One step of the checklist: its head says what it is and whether it is done, and opens it. */
export function Step({ number, name, isDone, isNext, isOpen, onToggle, children }: Props) {
  const { t } = useTranslation('welcome');
  const id = `step-${name}`;
  return (
    <li className={`step${isDone ? ' is-done' : ''}${isNext ? ' is-next' : ''}`} data-step={name} data-done={isDone} aria-current={isNext ? 'step' : undefined}>
      <h2>
        <button type="button" className="step-head" aria-expanded={isOpen} aria-controls={id} onClick={onToggle}>
          <span className="step-mark" aria-hidden="true">
            {isDone ? <CheckCircleFilled /> : number}
          </span>
          <span className="step-words">
            <span className="step-title">{t(`steps.${name}`)}</span>
            <span className="step-text">{isDone ? t('done') : t(`stepText.${name}`)}</span>
          </span>
          {isOpen ? <DownOutlined aria-hidden="true" /> : <RightOutlined aria-hidden="true" />}
        </button>
      </h2>
      {isOpen ? (
        <div id={id} className="step-body">
          {children}
        </div>
      ) : null}
    </li>
  );
}
