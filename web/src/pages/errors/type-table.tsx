import { useTranslation } from 'react-i18next';
import { usePageSearch } from '@/app/use-page-search';
import { by as sortBy, column, DataTable, numberColumn, Percent, textColumn, type Column } from '@/components';
import { colourOfState } from '@/components/chart';
import { changeOf, ChangeTag, filterOf, Sparkline, useDrill } from '@/components/report';
import { formatCount } from '@/format';
import { knownCode, whoseOf } from '@/components/report/codes';
import type { CodeRow, ErrorsReport } from './data';
import { beforeOf, courseOf } from './figures';
import { validateSearch } from './search';

/** What failed by type, each with what it means and what to do; a row opens its calls. */
export function TypeTable({ report }: { report: ErrorsReport }) {
  const { t } = useTranslation('errors');
  const [search] = usePageSearch(validateSearch);
  const { open } = useDrill();
  const name = ({ code }: CodeRow) => code ?? t('noCode');
  const explained = (row: CodeRow) => {
    const known = knownCode(row.code);
    return (
      <div className="error-type">
        <code>{name(row)}</code>
        {known ? (
          <span className="error-words">
            {t(`code.${known}.what`)} <span className="quiet">{t(`code.${known}.do`)}</span>
          </span>
        ) : null}
      </div>
    );
  };
  const whose = ({ code }: CodeRow) => {
    const matter = whoseOf(code);
    return matter ? t(`whose.${matter}`) : null;
  };
  const columns: Column<CodeRow>[] = [
    column<CodeRow>('type', t('column.type'), explained, { sorter: sortBy(name) }),
    textColumn<CodeRow>('whose', t('column.whose'), whose, { sorter: sortBy(whose) }),
    numberColumn<CodeRow>('calls', t('column.calls'), (row) => row.count, { sorter: sortBy((row) => row.count) }),
    column<CodeRow>('share', t('column.share'), (row) => <Percent value={report.totalErrors > 0 ? row.count / report.totalErrors : null} />, {
      align: 'right',
      className: 'numeric',
    }),
    ...(report.previous
      ? [
          column<CodeRow>(
            'change',
            t('column.change'),
            (row) => {
              const before = beforeOf(report, row.code) ?? 0;
              return <ChangeTag change={changeOf(row.count, before)} good="down" before={formatCount(before)} />;
            },
            { align: 'right', sorter: sortBy((row) => row.count - (beforeOf(report, row.code) ?? 0)) },
          ),
        ]
      : []),
    numberColumn<CodeRow>('attempts', t('column.attempts'), (row) => row.attempts, { sorter: sortBy((row) => row.attempts) }),
    column<CodeRow>('course', t('column.course'), (row) => <Sparkline values={courseOf(report, row.code)} colour={colourOfState('error')} />, { width: 112 }),
  ];
  return (
    <DataTable<CodeRow>
      label={t('byType')}
      rows={report.errorsByCode}
      columns={columns}
      rowKey={name}
      pagination={false}
      onRowClick={(row) => open({ ...filterOf(search), status: 'error', errorCode: row.code ?? undefined })}
    />
  );
}
