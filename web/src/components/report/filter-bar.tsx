import { Button } from 'antd';
import { useTranslation } from 'react-i18next';
import { dimensions, fieldOf, filterBy, filterOf, type Filter } from './filter';
import { MemberSelect } from './member-select';
import './report.css';

interface Props {
  filter: Filter;
  onChange: (change: Filter) => void;
  standard?: string | undefined;
}

/** Narrows a report to a provider, a model, a key, an app or a user. */
export function FilterBar({ filter, onChange, standard }: Props) {
  const { t } = useTranslation('components');
  const none: Filter = { providerId: undefined, model: undefined, keyId: undefined, appId: undefined, userId: undefined };
  return (
    <div className="row filter-bar" role="group" aria-label={t('filters')}>
      {dimensions.map((dimension) => {
        const value = filter[fieldOf[dimension]];
        return (
          <MemberSelect
            key={dimension}
            dimension={dimension}
            value={value === undefined ? undefined : String(value)}
            standard={standard}
            onChange={(key) => onChange({ [fieldOf[dimension]]: undefined, ...filterBy(dimension, key) })}
          />
        );
      })}
      {Object.keys(filterOf(filter)).length > 0 ? (
        <Button type="link" onClick={() => onChange(none)}>
          {t('clearFilters')}
        </Button>
      ) : null}
    </div>
  );
}
