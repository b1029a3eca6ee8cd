import { useTranslation } from 'react-i18next';
import { shown, type FieldChange } from './changes';

/** Fields with what they were and what they are; signs and words tell it without colours too. */
export function Diff({ changes }: { changes: FieldChange[] }) {
  const { t } = useTranslation('audit');
  const hasBefore = changes.some((change) => change.before !== undefined);
  const hasAfter = changes.some((change) => change.after !== undefined);
  return (
    <div className="audit-diff-frame">
      <table className="audit-diff">
        <thead>
          <tr>
            <th scope="col">{t('field')}</th>
            {hasBefore ? <th scope="col">{t('before')}</th> : null}
            {hasAfter ? <th scope="col">{t('after')}</th> : null}
          </tr>
        </thead>
        <tbody>
          {changes.map((change) => (
            <tr key={change.path}>
              <th scope="row" className="mono">
                {change.path}
              </th>
              {hasBefore ? <Value value={change.before} side="old" isOnly={!hasAfter} /> : null}
              {hasAfter ? <Value value={change.after} side="new" isOnly={!hasBefore} /> : null}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

function Value({ value, side, isOnly }: { value: unknown; side: 'old' | 'new'; isOnly: boolean }) {
  if (value === undefined) return <td className="quiet">–</td>;
  const text = shown(value);
  return (
    <td className={isOnly ? undefined : `is-${side}`}>
      <span className="mono break">{text === '' ? '""' : text}</span>
    </td>
  );
}
