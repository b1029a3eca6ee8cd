import { Select, type SelectProps } from 'antd';
import { useTranslation } from 'react-i18next';
import { useKeys, useModels, useProviders, useTokens } from '@/api/lists';

type Value = string | number;

interface Props<V extends Value> extends Omit<SelectProps<V>, 'options'> {
  value?: V;
}

const common = {
  allowClear: true,
  showSearch: { optionFilterProp: 'label' },
  popupMatchSelectWidth: false,
} as const;

/** A provider; by its id, or by its code. */
export function ProviderSelect<V extends Value = number>({ by = 'id', ...props }: Props<V> & { by?: 'id' | 'code' }) {
  const { t } = useTranslation('components');
  const providers = useProviders();
  const options = (providers.data ?? []).map((each) => ({
    value: (by === 'id' ? each.id : each.providerCode) as V,
    label: each.providerName,
  }));
  return <Select<V> aria-label={t('select.provider')} {...common} placeholder={t('select.provider')} loading={providers.isPending} options={options} {...props} />;
}

/** A key of a provider, by its id. */
export function KeySelect({ providerId, ...props }: Props<number> & { providerId: number | undefined }) {
  const { t } = useTranslation('components');
  const keys = useKeys(providerId);
  const options = (keys.data ?? []).map((each) => ({ value: each.id, label: each.keyName }));
  return <Select<number> aria-label={t('select.key')} {...common} placeholder={t('select.key')} disabled={providerId === undefined} options={options} {...props} />;
}

/** A model; by its code, or by its id. */
export function ModelSelect<V extends Value = string>({ by = 'code', providerId, modelType, ...props }: Props<V> & { by?: 'id' | 'code'; providerId?: number | undefined; modelType?: string }) {
  const { t } = useTranslation('components');
  const models = useModels();
  const providers = useProviders();
  const nameOf = new Map((providers.data ?? []).map((each) => [each.id, each.providerName]));
  const seen = new Set<V>();
  const options = (models.data ?? [])
    .filter((each) => (providerId === undefined || each.providerId === providerId) && (modelType === undefined || each.modelType === modelType))
    .map((each) => ({ value: (by === 'id' ? each.id : each.modelCode) as V, label: `${each.modelCode} · ${nameOf.get(each.providerId) ?? each.providerId}` }))
    .filter(({ value }) => !seen.has(value) && seen.add(value));
  return <Select<V> aria-label={t('select.model')} {...common} placeholder={t('select.model')} loading={models.isPending} options={options} {...props} />;
}

/** An app token, by its id; only for those who may see them. */
export function AppSelect(props: Props<number>) {
  const { t } = useTranslation('components');
  const tokens = useTokens();
  const options = (tokens.data ?? []).map((each) => ({ value: each.id, label: each.name }));
  return <Select<number> aria-label={t('select.app')} {...common} placeholder={t('select.app')} options={options} {...props} />;
}
