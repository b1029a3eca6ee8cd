import { EllipsisOutlined } from '@ant-design/icons';
import { Button, Dropdown, Switch, Tag, Typography } from 'antd';
import { useTranslation } from 'react-i18next';
import { useCan } from '@/app/session';
import { by, column, numberColumn, timeColumn, type Column } from '@/components';
import { formatCount } from '@/format';
import { KeyLimitsCell, KeyStateCell } from './key-state';
import { stateOf, type UpstreamKey } from './state';

/** What can be asked of a row. */
export interface RowActions {
  onEdit: (key: UpstreamKey) => void;
  onReplace: (key: UpstreamKey) => void;
  onValidate: (key: UpstreamKey) => void;
  onReset: (key: UpstreamKey) => void;
  onSwitch: (key: UpstreamKey, isActive: boolean) => void;
  onDelete: (key: UpstreamKey) => void;
}

/** The columns of the list of keys. */
export function useKeyColumns(actions: RowActions): Column<UpstreamKey>[] {
  const { t } = useTranslation('keys');
  const mayWrite = useCan('write');
  const columns: Column<UpstreamKey>[] = [
    column('key', t('columns.key'), (key) => <KeyName apiKey={key} />, { sorter: by((key) => key.keyName) }),
    column('state', t('columns.state'), (key) => <KeyStateCell apiKey={key} />, { sorter: by((key) => stateOf(key)) }),
    column('limits', t('columns.limits'), (key) => <KeyLimitsCell apiKey={key} />),
    column('today', t('columns.today'), (key) => <Today apiKey={key} />, {
      align: 'right',
      className: 'numeric',
      sorter: by((key) => key.requestsCountToday),
    }),
    numberColumn('errors', t('columns.errors'), (key) => key.errorCount, { sorter: by((key) => key.errorCount) }),
    timeColumn('lastUsed', t('columns.lastUsed'), (key) => key.lastUsedAt, { sorter: by((key) => key.lastUsedAt), none: t('details.never') }),
    numberColumn('priority', t('columns.priority'), (key) => key.priority, { sorter: by((key) => key.priority) }),
  ];
  if (!mayWrite) return columns;
  columns.push(
    column('active', t('columns.active'), (key) => (
      <Switch size="small" checked={key.isActive} aria-label={t('does.switch', { name: key.keyName })} onChange={(next) => actions.onSwitch(key, next)} />
    )),
    column('actions', '', (key) => <RowMenu apiKey={key} actions={actions} />, { fixed: 'end', width: 44 }),
  );
  return columns;
}

function KeyName({ apiKey }: { apiKey: UpstreamKey }) {
  const { t } = useTranslation('keys');
  const { credentialKind: kind } = apiKey;
  return (
    <div className="key-name">
      <Typography.Text strong ellipsis={{ tooltip: apiKey.keyName }}>{apiKey.keyName}</Typography.Text>
      <span className="row">
        <Typography.Text type="secondary" className="mono">{apiKey.apiKey}</Typography.Text>
        {kind === 'static' ? null : <Tag>{t(`kinds.${kind}`)}</Tag>}
      </span>
    </div>
  );
}

function Today({ apiKey }: { apiKey: UpstreamKey }) {
  const { t } = useTranslation('keys');
  const { requestsCountToday: calls, tokensCountToday: tokens } = apiKey;
  return (
    <span className="key-counts">
      <span title={String(calls)}>{t('columns.calls', { count: calls, shown: formatCount(calls) })}</span>
      <Typography.Text type="secondary" title={String(tokens)}>
        {t('columns.tokens', { count: tokens, shown: formatCount(tokens) })}
      </Typography.Text>
    </span>
  );
}

function RowMenu({ apiKey, actions }: { apiKey: UpstreamKey; actions: RowActions }) {
  const { t } = useTranslation('keys');
  const items = [
    { key: 'edit', label: t('does.edit'), onClick: () => actions.onEdit(apiKey) },
    { key: 'validate', label: t('does.validate'), onClick: () => actions.onValidate(apiKey) },
    { key: 'replace', label: t('does.replace'), onClick: () => actions.onReplace(apiKey) },
    { key: 'reset', label: t('does.reset'), disabled: apiKey.status === 'normal' && apiKey.errorCount === 0, onClick: () => actions.onReset(apiKey) },
    { type: 'divider' as const },
    { key: 'delete', label: t('does.delete'), danger: true, onClick: () => actions.onDelete(apiKey) },
  ];
  return (
    <Dropdown menu={{ items }} trigger={['click']} placement="bottomRight">
      <Button type="text" size="small" icon={<EllipsisOutlined aria-hidden />} aria-label={t('does.more', { name: apiKey.keyName })} />
    </Dropdown>
  );
}

