import { useId, type ReactNode } from 'react';
import './report.css';

interface Props {
  title: ReactNode;
  /** At the right of the title: a choice, a link. */
  extra?: ReactNode;
  className?: string;
  children: ReactNode;
}

/** A part of a report, under its heading. */
export function Panel({ title, extra, className, children }: Props) {
  const id = useId();
  return (
    <section className={className ? `panel ${className}` : 'panel'} aria-labelledby={id}>
      <div className="panel-head">
        <h2 id={id}>{title}</h2>
        {extra ? <div className="row">{extra}</div> : null}
      </div>
      {children}
    </section>
  );
}
