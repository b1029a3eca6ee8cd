import type { ReactNode } from 'react';
import './states.css';

interface Props {
  title: string;
  /** What to do about it. */
  text?: ReactNode;
  /** The button that does it. */
  action?: ReactNode;
  icon?: ReactNode;
}

/** Nothing is there: says what to do. */
export function EmptyState({ title, text, action, icon }: Props) {
  return (
    <div className="empty-state">
      {icon ? <div className="empty-icon" aria-hidden="true">{icon}</div> : null}
      <strong>{title}</strong>
      {text ? <span className="quiet">{text}</span> : null}
      {action}
    </div>
  );
}
