import { Button, InputNumber, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { useUsers } from '@/api/lists';
import { actions, resources, type Search } from './search';

/** What the log is narrowed by. */
export function Filters({ search, onChange }: { search: Search; onChange: (change: Search) => void }) {
  const { t } = useTranslation('audit');
  const { t: common } = useTranslation('components');
  const people = useUsers().data ?? [];
  const isNarrowed = search.action ?? search.resource ?? search.userId;
  return (
    <div className="row" role="search" aria-label={t('filters')}>
      <Select
        className="audit-filter"
        aria-label={t('anybody')}
        placeholder={t('anybody')}
        allowClear
        showSearch={{ optionFilterProp: 'label' }}
        value={search.userId}
        onChange={(userId?: number) => onChange({ userId })}
        options={people.map((user) => ({ value: user.id, label: user.username }))}
      />
      <Select
        className="audit-filter"
        aria-label={t('anything')}
        placeholder={t('anything')}
        allowClear
        value={search.action}
        onChange={(action?: Search['action']) => onChange({ action })}
        options={actions.map((value) => ({ value, label: t(`actions.${value}`) }))}
      />
      <Select
        className="audit-filter"
        aria-label={t('anyThing')}
        placeholder={t('anyThing')}
        allowClear
        value={search.resource}
        onChange={(resource?: Search['resource']) => onChange({ resource, resourceId: undefined })}
        options={resources.map((value) => ({ value, label: t(`resources.${value}`) }))}
      />
      {search.resource ? (
        <InputNumber<number>
          aria-label={t('thingId')}
          placeholder={t('thingId')}
          min={1}
          precision={0}
          controls={false}
          value={search.resourceId ?? null}
          onChange={(resourceId) => onChange({ resourceId: resourceId ?? undefined })}
        />
      ) : null}
      {isNarrowed ? (
        <Button type="link" onClick={() => onChange({ action: undefined, resource: undefined, resourceId: undefined, userId: undefined })}>
          {common('clearFilters')}
        </Button>
      ) : null}
    </div>
  );
}
