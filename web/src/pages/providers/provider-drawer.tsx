import { useNavigate } from '@tanstack/react-router';
import { App, Form } from 'antd';
import { useTranslation } from 'react-i18next';
import { FormDrawer, useToast } from '@/components';
import { useCreateProvider, useSettings, useUpdateProvider } from './api';
import { atWholeFields } from './form-errors';
import type { Provider } from './health';
import { PresetPicker } from './preset-picker';
import { AdvancedFields, BasicFields, LoadFields } from './provider-fields';
import { emptyValues, newProvider, patchOf, valuesOf, type ProviderValues } from './values';

interface Props {
  open: boolean;
  /** The one to change; without it a new one is made. */
  provider: Provider | undefined;
  /** Those that are there, whose codes are taken. */
  taken: readonly Provider[];
  onClose: () => void;
}

/** The form of a provider. */
export function ProviderDrawer({ open, provider, taken, onClose }: Props) {
  const { t } = useTranslation('providers');
  const { t: common } = useTranslation();
  const settings = useSettings();
  const save = useSave(provider, onClose);
  const strategy = settings.data?.loadBalancerAlgorithm;
  // The default strategy is a new form's first value: nobody types before it is known, or cannot be.
  const isReady = provider !== undefined || !settings.isLoading;
  const codes = new Set(taken.map((each) => each.providerCode));
  return (
    <FormDrawer<ProviderValues>
      // A new form for each provider, and for each default strategy.
      key={`${provider?.id ?? 'new'}-${provider ? '' : (strategy ?? '')}`}
      open={open && isReady}
      width={600}
      title={provider ? `${t('edit')}: ${provider.providerName}` : t('add')}
      initial={provider ? valuesOf(provider) : emptyValues(strategy)}
      submitText={provider ? common('save') : t('add')}
      onClose={onClose}
      onSubmit={save}
    >
      {(form) => (
        <>
          {provider ? null : <PresetPicker taken={codes} onPick={(values) => form.setFieldsValue(values)} enabled={open} />}
          <BasicFields provider={provider} />
          <h3 className="form-section">{t('form.load')}</h3>
          <LoadFields />
          <h3 className="form-section">{t('form.advanced')}</h3>
          <AdvancedFields />
          <Form.Item name="isActive" hidden><input type="hidden" /></Form.Item>
        </>
      )}
    </FormDrawer>
  );
}

function useSave(provider: Provider | undefined, onClose: () => void) {
  const { t } = useTranslation('providers');
  const { t: common } = useTranslation();
  const { modal } = App.useApp();
  const toast = useToast();
  const navigate = useNavigate();
  const create = useCreateProvider();
  const update = useUpdateProvider();
  const offerKey = (made: Provider) =>
    modal.confirm({
      icon: null,
      title: t('form.created', { name: made.providerName }),
      content: t('form.next', { name: made.providerName }),
      okText: t('form.addKeyNow'),
      cancelText: common('close'),
      onOk: () => {
        void navigate({ to: '/providers/$id/$tab', params: { id: String(made.id), tab: 'keys' }, search: { edit: 'new' } });
      },
    });
  return async (values: ProviderValues) => {
    try {
      if (provider) {
        await update.mutateAsync({ id: provider.id, patch: patchOf(values, provider) });
        toast.done(t('form.saved', { name: values.providerName }));
        onClose();
      } else {
        const made = await create.mutateAsync(newProvider(values));
        onClose();
        offerKey(made);
      }
    } catch (thrown) {
      throw atWholeFields(thrown, ['extraHeaders', 'defaultParams', 'quirks']);
    }
  };
}
