import type { UseQueryResult } from '@tanstack/react-query';
import { LockOutlined } from '@ant-design/icons';
import { Alert, Button, Skeleton } from 'antd';
import { useEffect, useState, type ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { remedyOf, type ApiError } from '@/api/errors';
import { useMe } from '@/app/session';
import { CopyButton } from './copy';
import { EmptyState } from './empty-state';

interface Props<Data> {
  query: UseQueryResult<Data, ApiError>;
  /** The final shape in grey; rows of text where there is none. */
  skeleton?: ReactNode;
  /** What stands there when `isEmpty` says that nothing is. */
  empty?: ReactNode;
  isEmpty?: (data: Data) => boolean;
  /** What is awaited, in a word: shown after a second. */
  awaits?: string;
  children: (data: Data) => ReactNode;
}

/** Shows what a query has: its skeleton, its failure with a way on, or its data. */
export function QueryState<Data>({ query, skeleton, empty, isEmpty, awaits, children }: Props<Data>) {
  if (query.data !== undefined) {
    if (empty && isEmpty?.(query.data)) return <>{empty}</>;
    return (
      <>
        {query.error ? <Failure error={query.error} onRetry={() => void query.refetch()} isBusy={query.isFetching} /> : null}
        {children(query.data)}
      </>
    );
  }
  if (query.error) {
    return <Failure error={query.error} onRetry={() => void query.refetch()} isBusy={query.isFetching} />;
  }
  return <Waiting awaits={awaits}>{skeleton ?? <Skeleton active paragraph={{ rows: 6 }} />}</Waiting>;
}

/** A skeleton, and after a second a word on what is awaited. */
export function Waiting({ awaits, children }: { awaits?: string | undefined; children: ReactNode }) {
  const { t } = useTranslation('components');
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLong(true), 1000);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div aria-busy="true">
      {children}
      <div role="status">
        {isLong ? (
          <span className="quiet">{awaits ? t('waitingFor', { what: awaits }) : t('waiting')}</span>
        ) : null}
      </div>
    </div>
  );
}

interface FailureProps {
  error: ApiError;
  onRetry?: (() => void) | undefined;
  isBusy?: boolean;
}

/** A failure with its remedy, the request id to copy, and another try. */
export function Failure({ error, onRetry, isBusy = false }: FailureProps) {
  const { t } = useTranslation('components');
  const { t: common } = useTranslation();
  if (error.kind === 'forbidden') return <NoPermission />;
  return (
    <Alert
      type="error"
      showIcon
      title={error.kind === 'offline' ? t('offline.message') : error.message || t('failed')}
      description={
        <div className="stack">
          <span>{remedyOf(error, t)}</span>
          <RequestId id={error.requestId} />
        </div>
      }
      action={
        onRetry ? (
          <Button size="small" onClick={onRetry} loading={isBusy}>
            {common('retry')}
          </Button>
        ) : null
      }
    />
  );
}

/** A request's id with a button that copies it; nothing without one. */
export function RequestId({ id }: { id: string | null }) {
  const { t } = useTranslation('components');
  if (!id) return null;
  return (
    <span>
      {t('requestId')} <code className="mono break">{id}</code> <CopyButton text={id} label={t('copyRequestId')} />
    </span>
  );
}

/** The person's role does not see this. */
export function NoPermission() {
  const { t } = useTranslation('shell');
  const { t: common } = useTranslation();
  const { role } = useMe();
  return (
    <EmptyState
      icon={<LockOutlined aria-hidden />}
      title={t('forbidden.title')}
      text={t('forbidden.text', { role: common(`roles.${role}`) })}
    />
  );
}
