import { Link } from '@tanstack/react-router';
import { Tag } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { usePageSearch } from '@/app/use-page-search';
import { useCan } from '@/app/session';
import { by as sortBy, column, DataTable, EmptyState, numberColumn, Percent, StateTag, type Column } from '@/components';
import { filterOf, useDrill } from '@/components/report';
import { formatCount, formatExact } from '@/format';
import { useKeyStates, type ErrorsReport, type KeyRow } from './data';
import { validateSearch } from './search';

/** How many types of a key are told. */
const TYPES = 3;

/** Failed attempts by key, with its state now and the way to mend it; a row opens its calls. */
export function KeyTable({ report }: { report: ErrorsReport }) {
  const { t } = useTranslation('errors');
  const [search] = usePageSearch(validateSearch);
  const { open, search: drill } = useDrill();
  const mayWrite = useCan('write');
  const status = useKeyStates();
  const states = useMemo(() => new Map((status.data?.keyDetails ?? []).map((key) => [key.keyId, key])), [status.data]);
  const filter = filterOf(search);
  const name = (row: KeyRow) => `${row.providerCode ?? '–'} / ${row.keyName ?? `#${row.keyId}`}`;
  const state = (row: KeyRow) => {
    const key = states.get(row.keyId);
    if (!status.data) return null;
    return key ? <StateTag state={key.status} reason={key.statusReason} until={key.coolingUntil} /> : <StateTag state="off" />;
  };
  const types = (row: KeyRow) => (
    <span className="error-types">
      {row.codes.slice(0, TYPES).map(({ code, count }) => (
        <Link
          key={code ?? '–'}
          to="/logs"
          search={drill({ ...filter, failedKeyId: row.keyId })}
          title={t('typeCount', { code: code ?? t('noCode'), count, replace: { count: formatExact(count) } })}
        >
          <Tag>
            {code ?? t('noCode')} {formatCount(count)}
          </Tag>
        </Link>
      ))}
      {row.codes.length > TYPES ? <span className="quiet">+{row.codes.length - TYPES}</span> : null}
    </span>
  );
  const mend = (row: KeyRow) =>
    row.providerId != null && states.has(row.keyId) ? (
      <Link to={`/providers/${row.providerId}/keys`} search={{ key: row.keyId } as never} aria-label={t('openKey', { name: name(row) })}>
        {t(mayWrite ? 'mend' : 'see')}
      </Link>
    ) : null;
  const columns: Column<KeyRow>[] = [
    column<KeyRow>('key', t('column.key'), (row) => <span className="break">{name(row)}</span>, { sorter: sortBy(name) }),
    column<KeyRow>('state', t('column.state'), state),
    numberColumn<KeyRow>('attempts', t('column.attempts'), (row) => row.count, { sorter: sortBy((row) => row.count) }),
    numberColumn<KeyRow>('sent', t('column.sent'), (row) => row.sent, { sorter: sortBy((row) => row.sent) }),
    column<KeyRow>('rate', t('column.rate'), (row) => <Percent value={row.sent > 0 ? row.count / row.sent : null} />, {
      align: 'right',
      className: 'numeric',
      sorter: sortBy((row) => (row.sent > 0 ? row.count / row.sent : null)),
    }),
    column<KeyRow>('types', t('column.types'), types),
    column<KeyRow>('mend', <span className="visually-hidden">{t('mend')}</span>, mend),
  ];
  return (
    <DataTable<KeyRow>
      label={t('byKey')}
      rows={report.errorsByKey}
      columns={columns}
      rowKey={(row) => row.keyId}
      pagination={report.errorsByKey.length > 50 ? undefined : false}
      empty={<EmptyState title={t('noKeys')} />}
      onRowClick={(row) => open({ ...filter, failedKeyId: row.keyId })}
    />
  );
}
