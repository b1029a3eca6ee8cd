import { Link } from '@tanstack/react-router';
import { App, Button, Card, Form, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { components } from '@/api/schema';
import { useProviders } from '@/api/lists';
import { DataTable, EmptyState, column, numberColumn, useToast, type Column } from '@/components';
import { lockOf, useChooseStrategy, useLoad, type Settings, type Strategy } from './api';
import { Label, SectionForm } from './section-form';
import { useStrategyOptions } from './strategies';

type Values = Pick<Settings, 'loadBalancerAlgorithm'>;
type Row = components['schemas']['ProviderLoadView'];

/** How keys share the load: of providers to come, and of each that is there. */
export function Load({ settings }: { settings: Settings }) {
  const { t } = useTranslation('settings');
  const by = lockOf(settings, 'loadBalancerAlgorithm');
  const { options, textOf } = useStrategyOptions();
  return (
    <div className="stack">
      <SectionForm<Values>
        title={t('sections.load')}
        intro={t('load.intro')}
        stored={{ loadBalancerAlgorithm: settings.loadBalancerAlgorithm }}
        isLocked={by !== undefined}
      >
        {(form) => (
          <>
            <Form.Item noStyle shouldUpdate>
              {() => {
                const chosen = form.getFieldValue('loadBalancerAlgorithm') as Strategy | undefined;
                return (
                  <Form.Item name="loadBalancerAlgorithm" label={<Label text={t('load.standard')} by={by} />} extra={chosen ? textOf(chosen) : undefined}>
                    <Select options={options} disabled={by !== undefined} />
                  </Form.Item>
                );
              }}
            </Form.Item>
          </>
        )}
      </SectionForm>
      <Providers standard={settings.loadBalancerAlgorithm} isLocked={by !== undefined} />
    </div>
  );
}

function Providers({ standard, isLocked }: { standard: Strategy; isLocked: boolean }) {
  const { t } = useTranslation('settings');
  const load = useLoad();
  const choose = useChooseStrategy();
  const toast = useToast();
  const { modal } = App.useApp();
  const { nameOf } = useStrategyOptions();
  const forAll = () =>
    modal.confirm({
      title: t('load.allTitle', { strategy: nameOf(standard) }),
      content: t('load.allText'),
      onOk: () => choose.mutateAsync({ algorithm: standard }).then(() => toast.done(t('load.allDone')), toast.failed),
    });
  return (
    <Card title={t('load.providers')} className="settings-card" extra={isLocked ? null : <Button onClick={forAll}>{t('load.all')}</Button>}>
      <DataTable<Row>
        label={t('load.providers')}
        rows={load.data}
        columns={useColumns()}
        rowKey={(row) => row.providerCode}
        error={load.error}
        onRetry={() => void load.refetch()}
        pagination={false}
        empty={<EmptyState title={t('load.none')} text={t('load.noneText')} action={<Link to="/providers">{t('load.toProviders')}</Link>} />}
      />
    </Card>
  );
}

function useColumns(): Column<Row>[] {
  const { t } = useTranslation('settings');
  const { options } = useStrategyOptions();
  const choose = useChooseStrategy();
  const toast = useToast();
  const providers = useProviders();
  const nameOf = (code: string) => providers.data?.find((each) => each.providerCode === code)?.providerName ?? code;
  return [
    column('provider', t('load.provider'), (row) => nameOf(row.providerCode)),
    column('algorithm', t('load.algorithm'), (row) => (
      <Select<Strategy>
        aria-label={t('load.algorithmOf', { name: nameOf(row.providerCode) })}
        value={row.algorithm}
        options={options}
        popupMatchSelectWidth={false}
        onChange={(algorithm) =>
          void choose.mutateAsync({ algorithm, providerCode: row.providerCode }).then(() => toast.done(t('load.done', { name: nameOf(row.providerCode) })), toast.failed)
        }
      />
    )),
    numberColumn('healthy', t('load.healthy'), (row) => row.keysHealthy),
    numberColumn('keys', t('load.keys'), (row) => row.keysTotal),
    numberColumn('inFlight', t('load.inFlight'), (row) => row.inFlight),
    numberColumn('rpm', t('load.rpm'), (row) => row.requestsLastMinute),
  ];
}
