import { CheckCircleFilled } from '@ant-design/icons';
import { Link } from '@tanstack/react-router';
import { Alert as Note, Button, Skeleton } from 'antd';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { Failure, StateTag, Time } from '@/components';
import { Panel } from '@/components/report';
import { formatExact } from '@/format';
import { troublesOf, type Trouble } from './attention';
import { useOpenAlerts, useStatus } from './data';

/** How many troubles are told before one asks for the rest. */
const FIRST = 5;

/** What is wrong now, the worst first, each with the way to mend it; else that all is well. */
export function AttentionPanel() {
  const { t } = useTranslation('dashboard');
  const status = useStatus();
  const alerts = useOpenAlerts();
  const [isWhole, setWhole] = useState(false);
  const troubles = useMemo(() => troublesOf(status.data, alerts.data?.alerts ?? []), [status.data, alerts.data]);
  const error = status.error ?? alerts.error;
  if (error && !status.data) return <Failure error={error} onRetry={() => void Promise.all([status.refetch(), alerts.refetch()])} />;
  if (!status.data || !alerts.data) return <Skeleton.Node active className="attention-skeleton" />;
  if (troubles.length === 0) return <AllWell usable={status.data.keys.usable} active={status.data.keys.active} />;
  const shown = isWhole ? troubles : troubles.slice(0, FIRST);
  return (
    <Panel
      className={`attention is-${troubles[0]?.level ?? 'info'}`}
      title={t('attention.title', { count: troubles.length, replace: { count: formatExact(troubles.length) } })}
      extra={<Link to="/alerts">{t('attention.alerts')}</Link>}
    >
      <ul className="troubles">
        {shown.map((trouble) => (
          <TroubleLine key={trouble.id} trouble={trouble} />
        ))}
      </ul>
      {troubles.length > FIRST ? (
        <Button type="link" size="small" onClick={() => setWhole(!isWhole)}>
          {isWhole ? t('attention.less') : t('attention.rest', { count: troubles.length - FIRST })}
        </Button>
      ) : null}
    </Panel>
  );
}

function AllWell({ usable, active }: { usable: number; active: number }) {
  const { t } = useTranslation('dashboard');
  if (active === 0) {
    return <Note type="warning" showIcon title={t('attention.noKeys')} action={<Link to="/welcome">{t('attention.firstSteps')}</Link>} />;
  }
  return (
    <div className="all-well" role="status">
      <CheckCircleFilled aria-hidden="true" />
      <strong>{t('attention.well')}</strong>
      <span>{t('attention.wellText', { usable: formatExact(usable), active: formatExact(active) })}</span>
    </div>
  );
}

function TroubleLine({ trouble }: { trouble: Trouble }) {
  const { t } = useTranslation('dashboard');
  const { t: words } = useTranslation('components');
  const mayAccess = useCan('access');
  const mayWrite = useCan('write');
  // Tokens are not for analysts; the alert itself is.
  const mend = trouble.mend.to === '/tokens' && !mayAccess ? { to: '/alerts' } : trouble.mend;
  return (
    <li className="trouble">
      <StateTag state={trouble.state} until={trouble.until} />
      <div className="trouble-words">
        <div className="trouble-subject">
          <strong>{trouble.subject}</strong>
          {trouble.kind ? <span> · {words(`alertKind.${trouble.kind}`)}</span> : null}
          {trouble.since ? (
            <span className="quiet">
              {' '}
              · {t('attention.since')} <Time at={trouble.since} />
            </span>
          ) : null}
        </div>
        {trouble.why ? <div className="trouble-why">{trouble.why}</div> : null}
      </div>
      <Link to={mend.to} search={(mend.search ?? {}) as never} className="ant-btn trouble-mend" aria-label={`${t(mayWrite ? 'attention.mend' : 'attention.see')}: ${trouble.subject}`}>
        {t(mayWrite ? 'attention.mend' : 'attention.see')}
      </Link>
    </li>
  );
}
