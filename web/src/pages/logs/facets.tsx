import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '@/api/client';
import { useApiQuery } from '@/api/query';
import { formatCount } from '@/format';

/** What calls can be told apart by, beside their provider. */
export type Facet = 'key' | 'model' | 'app' | 'user';

interface Option {
  value: string;
  label: string;
  calls: number;
}

/** What has calls in the last 30 days, most calls first: deleted keys and tokens too, and for every reader. */
function useFacet(facet: Facet, isWanted: boolean) {
  const read = async (signal: AbortSignal): Promise<Option[]> => {
    const rows = await call(api.GET('/api/admin/ai-stats/usage', { params: { query: { groupBy: facet } }, signal }));
    return rows
      .filter((row) => row.key != null)
      .map((row) => ({ value: String(row.key), label: row.name ?? `#${String(row.key)}`, calls: row.totalRequests }))
      .sort((one, other) => other.calls - one.calls);
  };
  return useApiQuery(['stats', 'facet', facet], read, { enabled: isWanted, staleTime: 60_000 });
}

interface Props {
  facet: Facet;
  value: string | undefined;
  onChange: (value: string | undefined) => void;
}

/** Chooses a key, model, app token or user by its name, among those that have calls. */
export function FacetSelect({ facet, value, onChange }: Props) {
  const { t } = useTranslation('logs');
  const [isOpen, setOpen] = useState(false);
  const found = useFacet(facet, isOpen || value !== undefined);
  const options = found.data ?? [];
  const known = value === undefined || options.some((option) => option.value === value);
  const shown = known ? options : [{ value, label: facet === 'model' ? value : `#${value}`, calls: 0 }, ...options];
  return (
    <Select
      aria-label={t(`filter.${facet}`)}
      placeholder={t(`filter.${facet}`)}
      className="call-filter"
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      popupMatchSelectWidth={false}
      loading={found.isFetching}
      value={value ?? null}
      onChange={(next) => onChange(next ?? undefined)}
      onOpenChange={setOpen}
      options={shown}
      optionRender={({ data }) => (
        <span className="row spread">
          <span>{data.label}</span>
          <span className="quiet">{data.calls > 0 ? formatCount(data.calls) : ''}</span>
        </span>
      )}
    />
  );
}
