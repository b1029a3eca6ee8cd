import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import './report.css';

/** A line of a ranking. */
export interface BarItem {
  key: string;
  name: ReactNode;
  /** How long its bar is, beside the others. */
  size: number;
  /** What it says at the right. */
  value: ReactNode;
  note?: ReactNode;
  colour?: string;
  /** Opens what is behind it. */
  to?: { to: string; search?: Record<string, unknown> };
}

/** A short ranking with bars from zero; each line opens what is behind it. */
export function BarList({ items, label }: { items: readonly BarItem[]; label: string }) {
  const most = Math.max(...items.map(({ size }) => size), 0);
  return (
    <ol className="bar-list" aria-label={label}>
      {items.map(({ key, name, size, value, note, colour, to }) => {
        const inner = (
          <>
            <span className="bar-name">{name}</span>
            <span className="bar-value numeric">{value}</span>
            <span className="bar-track" aria-hidden="true">
              <span className="bar-fill" style={{ width: `${most > 0 ? (size / most) * 100 : 0}%`, ...(colour ? { background: colour } : {}) }} />
            </span>
            {note ? <span className="bar-note">{note}</span> : null}
          </>
        );
        return (
          <li key={key}>
            {to ? (
              <Link className="bar-line" to={to.to} search={(to.search ?? {}) as never}>
                {inner}
              </Link>
            ) : (
              <div className="bar-line">{inner}</div>
            )}
          </li>
        );
      })}
    </ol>
  );
}
