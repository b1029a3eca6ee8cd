import { Card } from 'antd';
import type { ReactNode } from 'react';

/** A titled part of the page. */
export function Part({ title, extra, children }: { title: string; extra?: ReactNode; children: ReactNode }) {
  return (
    <Card size="small" title={<h2 className="part-title">{title}</h2>} extra={extra}>
      {children}
    </Card>
  );
}
