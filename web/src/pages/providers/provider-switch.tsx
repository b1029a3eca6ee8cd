import { App, Switch } from 'antd';
import { useTranslation } from 'react-i18next';
import { useToast } from '@/components';
import { useUpdateProvider } from './api';
import type { Provider } from './health';

/** Switches a provider on, or off after a question, since calls to it then fail. */
export function ProviderSwitch({ provider }: { provider: Provider }) {
  const { t } = useTranslation('providers');
  const { modal } = App.useApp();
  const toast = useToast();
  const update = useUpdateProvider();
  const { id, providerName: name, isActive } = provider;
  const set = async (next: boolean) => {
    try {
      await update.mutateAsync({ id, patch: { isActive: next } });
      toast.done(next ? t('off.on', { name }) : t('off.done', { name }));
    } catch (thrown) {
      toast.failed(thrown);
    }
  };
  const ask = () =>
    modal.confirm({
      title: t('off.title', { name }),
      content: t('off.text'),
      okText: t('off.confirm'),
      okButtonProps: { danger: true },
      onOk: () => set(false),
    });
  return (
    <Switch
      size="small"
      checked={isActive}
      loading={update.isPending}
      aria-label={t('card.switch', { name })}
      onChange={(next) => {
        if (next) void set(true);
        else ask();
      }}
    />
  );
}
