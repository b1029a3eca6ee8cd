import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { ProviderSelect, SearchBox } from '@/components';
import { lifecycles, marks, modelTypes, states, type ModelsSearch } from './search';

interface Props {
  search: ModelsSearch;
  set: (change: Partial<ModelsSearch>, how?: { replace?: boolean }) => void;
}

/** Nothing narrowed. */
export const noFilters: Partial<ModelsSearch> = {
  q: undefined,
  provider: undefined,
  type: undefined,
  lifecycle: undefined,
  state: undefined,
  mark: undefined,
  page: undefined,
};

export function isFiltered(search: ModelsSearch): boolean {
  return Object.keys(noFilters).some((name) => name !== 'page' && search[name as keyof ModelsSearch] !== undefined);
}

/** The filter bar of the list of models. */
export function ModelFilters({ search, set }: Props) {
  const { t } = useTranslation('models');
  const { t: components } = useTranslation('components');
  const { t: common } = useTranslation();
  const narrow = (change: Partial<ModelsSearch>) => set({ ...change, page: undefined });
  const select = { allowClear: true, popupMatchSelectWidth: false } as const;
  return (
    <div className="row filters" role="search">
      <SearchBox
        label={t('searchLabel')}
        value={search.q}
        onChange={(q) => set({ q, page: undefined }, { replace: true })}
      />
      <ProviderSelect value={search.provider as number} onChange={(provider) => narrow({ provider })} />
      <Select
        {...select}
        aria-label={t('filters.type')}
        placeholder={t('filters.type')}
        value={search.type}
        onChange={(type) => narrow({ type })}
        options={modelTypes.map((value) => ({ value, label: t(`types.${value}`) }))}
      />
      <Select
        {...select}
        aria-label={t('filters.lifecycle')}
        placeholder={t('filters.lifecycle')}
        value={search.lifecycle}
        onChange={(lifecycle) => narrow({ lifecycle })}
        options={lifecycles.map((value) => ({ value, label: components(`state.${value}`) }))}
      />
      <Select
        {...select}
        aria-label={t('filters.state')}
        placeholder={t('filters.state')}
        value={search.state}
        onChange={(state) => narrow({ state })}
        options={states.map((value) => ({ value, label: common(value) }))}
      />
      <Select
        {...select}
        aria-label={t('filters.show')}
        placeholder={t('filters.show')}
        value={search.mark}
        onChange={(mark) => narrow({ mark })}
        options={marks.map((value) => ({ value, label: t(`filters.${value}`) }))}
      />
      {isFiltered(search) ? (
        <Button type="link" onClick={() => set(noFilters)}>
          {components('clearFilters')}
        </Button>
      ) : null}
    </div>
  );
}
