import { Button, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { api, call } from '@/api/client';
import { useApiMutation } from '@/api/query';
import type { components } from '@/api/schema';
import { useToast } from '@/components';
import { useUpdateProvider } from '../providers/api';
import type { Provider } from '../providers/health';

type Model = components['schemas']['ModelView'];

/** Whether callers may use the model. */
export function ModelSwitch({ model }: { model: Model }) {
  const { t } = useTranslation('providers');
  const toast = useToast();
  const update = useApiMutation(
    (isActive: boolean) => call(api.PUT('/api/admin/ai-models/{id}', { params: { path: { id: model.id } }, body: { isActive } })),
    [['models']],
  );
  return (
    <Switch
      size="small"
      checked={model.isActive}
      loading={update.isPending}
      aria-label={t('models.switch', { name: model.modelCode })}
      onChange={(next) => update.mutate(next, { onError: toast.failed })}
    />
  );
}

/** Makes the model the one of calls that name the provider alone. */
export function DefaultButton({ provider, model }: { provider: Provider; model: Model }) {
  const { t } = useTranslation('providers');
  const toast = useToast();
  const update = useUpdateProvider();
  const make = () =>
    update.mutate(
      { id: provider.id, patch: { defaultModel: model.modelCode } },
      { onError: toast.failed, onSuccess: () => toast.done(t('models.madeDefault', { model: model.modelCode })) },
    );
  return <Button size="small" type="link" loading={update.isPending} onClick={make}>{t('models.makeDefault')}</Button>;
}
