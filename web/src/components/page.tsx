import { useEffect, type ReactNode } from 'react';
import './page.css';

/** Sets the title of the browser's tab. */
export function useTitle(title: string) {
  useEffect(() => {
    document.title = `${title} · Tollgate`;
  }, [title]);
}

interface Props {
  title: string;
  /** A line on what the page is for, or what it shows now. */
  intro?: ReactNode;
  /** Buttons at its upper right. */
  actions?: ReactNode;
  children: ReactNode;
}

/** The frame of every page: its title, its actions, its content. */
export function Page({ title, intro, actions, children }: Props) {
  useTitle(title);
  return (
    <div className="page">
      <header className="page-head">
        <div className="page-title">
          <h1>{title}</h1>
          {intro ? <span className="quiet">{intro}</span> : null}
        </div>
        {actions ? <div className="row">{actions}</div> : null}
      </header>
      {children}
    </div>
  );
}
