import { Typography } from 'antd';
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
      <Typography.Text strong>{title}</Typography.Text>
      {text ? <Typography.Text type="secondary">{text}</Typography.Text> : null}
      {action}
    </div>
  );
}
