import { ThunderboltOutlined } from '@ant-design/icons';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { Alert, Button, Skeleton, Tabs } from 'antd';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { Page, QueryState } from '@/components';
import { useStatus, type Status } from './data';
import { Jobs } from './jobs';
import { KeyTest } from './key-test';
import { Providers } from './providers';
import { tabs, validateSearch, type StatusSearch } from './search';
import { Instances, JournalCard } from './system';
import './status.css';
import { Overview } from './overview';

/** How Tollgate fares now: keys, load, jobs, journal, instances. */
export default function StatusPage() {
  const { t } = useTranslation('status');
  const address = useSearch({ strict: false });
  const search = useMemo(() => validateSearch(address), [address]);
  const navigate = useNavigate();
  const change = useCallback(
    (next: StatusSearch) => void navigate({ to: '.', search: (old: object) => ({ ...old, ...next }) as never, replace: true }),
    [navigate],
  );
  const query = useStatus();
  const mayTest = useCan('write');
  const actions = mayTest ? (
    <Button icon={<ThunderboltOutlined aria-hidden />} onClick={() => change({ test: true })}>
      {t('test.button')}
    </Button>
  ) : null;
  return (
    <Page title={t('title')} intro={t('intro')} actions={actions}>
      <QueryState query={query} awaits={t('title')} skeleton={<Shape />}>
        {(status) => (
          <div className="stack">
            <Overview status={status} />
            <Parts status={status} search={search} onChange={change} />
            {mayTest ? <KeyTest open={search.test === true} status={status} onClose={() => change({ test: undefined })} /> : null}
          </div>
        )}
      </QueryState>
    </Page>
  );
}

interface Props {
  status: Status;
  search: StatusSearch;
  onChange: (next: StatusSearch) => void;
}

function Parts({ status, search, onChange }: Props) {
  const { t } = useTranslation('status');
  const parts = {
    keys: <Providers status={status} isOnlyOut={search.out === true} onOnlyOut={(on) => onChange({ out: on || undefined })} />,
    jobs: <Jobs jobs={status.jobs ?? []} instances={status.instances ?? []} />,
    system: (
      <div className="stack">
        {status.journal ? <JournalCard journal={status.journal} /> : null}
        <Instances instances={status.instances ?? []} />
        {(status.instances ?? []).length > 1 ? <Alert type="info" showIcon title={t('note')} /> : null}
      </div>
    ),
  };
  return (
    <Tabs
      activeKey={search.tab ?? 'keys'}
      onChange={(tab) => onChange({ tab: tabs.find((each) => each === tab && each !== 'keys') })}
      items={tabs.map((key) => ({ key, label: t(`tab.${key}`), children: parts[key] }))}
    />
  );
}

function Shape() {
  return (
    <div className="stack">
      <div className="status-tiles">
        {Array.from({ length: 4 }, (_, place) => (
          <Skeleton.Node key={place} active className="status-tile-shape" />
        ))}
      </div>
      <Skeleton active paragraph={{ rows: 8 }} />
    </div>
  );
}
