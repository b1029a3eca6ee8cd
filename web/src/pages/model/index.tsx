import { ArrowLeftOutlined, EditOutlined } from '@ant-design/icons';
import { Link, useNavigate, useParams } from '@tanstack/react-router';
import { Alert, Button, Skeleton, Tag } from 'antd';
import { useTranslation } from 'react-i18next';
import { useNow } from '@/app/now';
import { useCan } from '@/app/session';
import { usePageSearch } from '@/app/use-page-search';
import { CopyButton, Page, QueryState, StateTag } from '@/components';
import type { ModelRow } from '../models/data';
import { ModelForm } from '../models/model-form';
import { ModelSwitch } from '../models/model-switch';
import '../models/models.css';
import { useModelActions } from '../models/row-menu';
import { askedAs, isRetiring } from '../models/uses';
import { useUsesText } from '../models/uses-text';
import { useEndText } from '../models/warning';
import { useModelRow, type UsageRow } from './data';
import { Facts } from './facts';
import { PriceForm } from './price-form';
import { Prices } from './prices';
import { RepriceDialog } from './reprice-dialog';
import { validateSearch, type ModelSearch } from './search';
import { UsesCard } from './uses-card';

/** One model: what it is, what uses it, what it costs and cost. */
export default function ModelPage() {
  const { t } = useTranslation('models');
  const { id } = useParams({ strict: false });
  const { query, row, callers } = useModelRow(Number(id));
  if (row) return <Loaded row={row} callers={callers.data} />;
  return (
    <Page title={t('title')}>
      <Back />
      <QueryState query={query} skeleton={<Skeleton active paragraph={{ rows: 12 }} />}>
        {() => null}
      </QueryState>
    </Page>
  );
}

function Back() {
  const { t } = useTranslation('models');
  return (
    <Link to="/models" className="model-back">
      <ArrowLeftOutlined aria-hidden="true" /> {t('detail.back')}
    </Link>
  );
}

function Loaded({ row, callers }: { row: ModelRow; callers: UsageRow[] | undefined }) {
  const canWrite = useCan('write');
  const [{ open }, set] = usePageSearch(validateSearch);
  const { model } = row;
  const close = () => set({ open: undefined });
  return (
    <Page title={model.modelName} intro={<Names row={row} />} actions={canWrite ? <Actions row={row} set={set} /> : <StateTag state={model.isActive ? 'on' : 'off'} />}>
      <Retirement row={row} />
      <div className="model-columns">
        <Facts row={row} />
        <UsesCard row={row} callers={callers} />
      </div>
      <Prices row={row} onNew={() => set({ open: 'price' })} onReprice={() => set({ open: 'reprice' })} />
      {canWrite ? (
        <>
          <ModelForm open={open === 'edit'} model={model} onClose={close} />
          <PriceForm open={open === 'price'} model={model} onClose={close} />
          <RepriceDialog open={open === 'reprice'} row={row} onClose={close} />
        </>
      ) : null}
    </Page>
  );
}

function Names({ row: { model, provider } }: { row: ModelRow }) {
  const { t } = useTranslation('models');
  return (
    <span className="row">
      <Back />
      <span className="nowrap">
        <code className="mono">{model.modelCode}</code>
        <CopyButton text={model.modelCode} />
      </span>
      {provider ? (
        <Link to="/providers/$id/$tab" params={{ id: String(provider.id), tab: 'models' }}>
          {provider.providerName}
        </Link>
      ) : null}
      <StateTag state={model.lifecycle} />
      {model.isDefault ? <Tag color="blue">{t('tags.default')}</Tag> : null}
      {model.isMissingUpstream ? <StateTag state="missing" text={t('tags.missing')} reason={t('missingText')} /> : null}
    </span>
  );
}

function Actions({ row, set }: { row: ModelRow; set: (change: ModelSearch) => void }) {
  const { t } = useTranslation('models');
  const navigate = useNavigate();
  const actions = useModelActions(row, () => void navigate({ to: '/models' }));
  const { model } = row;
  return (
    <>
      <ModelSwitch row={row} />
      <Button onClick={() => void actions.setDefault(!model.isDefault)}>{t(model.isDefault ? 'actions.noDefault' : 'actions.makeDefault')}</Button>
      <Button onClick={() => void navigate({ to: '/playground', search: { model: askedAs(model, row.provider) } })}>{t('actions.try')}</Button>
      <Button danger onClick={actions.remove}>
        {t('actions.delete')}
      </Button>
      <Button type="primary" icon={<EditOutlined aria-hidden />} onClick={() => set({ open: 'edit' })}>
        {t('actions.edit')}
      </Button>
    </>
  );
}

function Retirement({ row: { model, provider, uses } }: { row: ModelRow }) {
  const { t } = useTranslation('models');
  const now = useNow(60_000);
  const endText = useEndText();
  const used = useUsesText()(uses);
  if (!isRetiring(model, now)) return null;
  return (
    <Alert
      type="warning"
      showIcon
      title={endText(model, provider?.providerName ?? '')}
      description={used ? `${t('confirm.used', { uses: used })} ${t('warning.textOne')}` : null}
    />
  );
}
