import { useTranslation } from 'react-i18next';
import { DataTable, EmptyState, StateTag, Time, column, durationColumn, textColumn } from '@/components';
import { jobState, type Instance, type Job } from './data';

/** What jobs are called in words; a newer server may have more. */
const known = {
  'fold-hours': 1, 'fold-dirty-hours': 1, 'make-partitions': 1, 'purge-logs': 1, 'purge-sessions': 1, 'alert-error-rate': 1,
  'alert-keys': 1, 'alert-budgets': 1, 'alert-unpriced': 1, 'alert-shutdown': 1, 'alert-stale': 1, 'alert-deliveries': 1,
};

/** What is done by the clock, once for all instances. */
export function Jobs({ jobs, instances }: { jobs: readonly Job[]; instances: readonly Instance[] }) {
  const { t } = useTranslation('status');
  const nameOf = (job: Job) => (job.name in known ? t(`job.name.${job.name as keyof typeof known}`) : job.name);
  const addressOf = (holder: string) => instances.find((instance) => instance.instance === holder)?.address ?? holder;
  return (
    <DataTable<Job>
      label={t('tab.jobs')}
      rows={jobs}
      rowKey={(job) => job.name}
      pagination={false}
      empty={<EmptyState title={t('job.none')} text={t('job.noneText')} />}
      columns={[
        textColumn('name', t('job.job'), (job) => (
          <div>
            <div>{nameOf(job)}</div>
            <code className="mono quiet">{job.name}</code>
          </div>
        )),
        column('state', t('job.state'), (job) => <StateTag state={jobState(job)} reason={job.holder ? addressOf(job.holder) : null} />),
        column('last', t('job.last'), (job) => <Time at={job.lastRunAt} none={t('job.never')} />),
        durationColumn('took', t('job.took'), (job) => job.durationMs),
        textColumn('result', t('job.result'), (job) => <span className="break job-result">{job.lastResult ?? '–'}</span>),
        column('success', t('job.success'), (job) => <Time at={job.lastSuccessAt} none={t('job.never')} />),
        column('next', t('job.next'), (job) => <Time at={job.nextRunAt} />),
      ]}
    />
  );
}
