import { Card } from 'antd';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { Count, Percent } from '@/components';
import { changeOf, ChangeTag } from '@/components/report';
import { formatCount } from '@/format';
import type { ErrorsReport } from './data';
import { totalsOf } from './figures';

/** The page in a line. */
export function Summary({ report }: { report: ErrorsReport }) {
  const { t } = useTranslation('errors');
  const totals = totalsOf(report);
  const before = report.previous?.totalErrors;
  return (
    <Card size="small">
      <dl className="error-summary">
        <Figure label={t('tile.calls')} value={<Count value={totals.calls} />}>
          {before === undefined ? null : <ChangeTag change={changeOf(totals.calls, before)} good="down" before={formatCount(before)} />}
        </Figure>
        <Figure label={t('tile.rate')} value={<Percent value={totals.rate} />} />
        <Figure label={t('tile.types')} value={<Count value={totals.types} />} />
        <Figure label={t('tile.attempts')} value={<Count value={totals.attempts} />}>
          <span className="quiet">{t('tile.attemptsNote')}</span>
        </Figure>
        <Figure label={t('tile.keys')} value={<Count value={totals.keys} />} />
      </dl>
    </Card>
  );
}

function Figure({ label, value, children }: { label: string; value: ReactNode; children?: ReactNode }) {
  return (
    <div className="error-figure">
      <dt>{label}</dt>
      <dd className="error-value">{value}</dd>
      {children ? <dd className="error-note">{children}</dd> : null}
    </div>
  );
}
