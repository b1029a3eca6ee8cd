import { Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api, call } from '@/api/client';
import { useApiQuery } from '@/api/query';
import { useRange } from '@/app/use-range';
import type { Dimension } from './filter';

interface Props {
  dimension: Dimension;
  value: string | undefined;
  onChange: (key: string | undefined) => void;
  /** The page's range without one in the address. */
  standard?: string | undefined;
}

/** Chooses one of the members that were active in the page's range, also of those that are deleted since. */
export function MemberSelect({ dimension, value, onChange, standard }: Props) {
  const { t } = useTranslation('components');
  const { startDate, endDate, tz } = useRange(standard);
  const [isOpened, setOpened] = useState(false);
  const query = { by: dimension, startDate, endDate, tz };
  const members = useApiQuery(
    ['stats', 'members', query],
    (signal) => call(api.GET('/api/admin/ai-stats/usage/breakdown', { params: { query }, signal })),
    { enabled: isOpened || value !== undefined, keep: true, staleTime: 60_000 },
  );
  const options = (members.data?.rows ?? []).flatMap(({ members: [member] }) =>
    member?.key == null ? [] : [{ value: member.key, label: member.name ?? `#${member.key}` }],
  );
  // Nothing of it happened in this range: it is still what the page is narrowed to.
  if (value !== undefined && !options.some((option) => option.value === value)) options.push({ value, label: dimension === 'model' ? value : `#${value}` });
  return (
    <Select<string>
      aria-label={t(`dimension.${dimension}`)}
      placeholder={t(`allOf.${dimension}`)}
      value={value ?? null}
      options={options}
      onChange={(next?: string) => onChange(next)}
      onOpenChange={(open) => open && setOpened(true)}
      loading={isOpened && members.isPending}
      allowClear
      showSearch={{ optionFilterProp: 'label' }}
      popupMatchSelectWidth={false}
      className={value === undefined ? 'member-select' : 'member-select is-set'}
    />
  );
}
