import { api, call } from '@/api/client';
import { useApiMutation, useApiQuery } from '@/api/query';
import type { components } from '@/api/schema';

export type Settings = components['schemas']['SettingsView'];
export type SettingsPatch = components['schemas']['SettingsPatch'];
export type Webhook = Settings['alerts']['webhooks'][number];
export type Email = NonNullable<Settings['alerts']['email']>;
export type WebhookBody = components['schemas']['WebhookBody'];
export type EmailBody = components['schemas']['EmailBody'];
export type Trial = components['schemas']['TrialView'];
export type Strategy = Settings['loadBalancerAlgorithm'];

const PATH = '/api/admin/settings';

/** The settings as they are now. */
export const readSettings = (signal?: AbortSignal) => call(api.GET(PATH, signal ? { signal } : {}));

export function useSettings() {
  return useApiQuery(['settings'], (signal) => readSettings(signal));
}

export function useSaveSettings() {
  return useApiMutation((body: SettingsPatch) => call(api.PUT(PATH, { body })), [['settings'], ['audit']]);
}

/** Sends a test notice through a channel; one that is not saved yet, too. */
export const tryChannel = (body: components['schemas']['ChannelTrial']) =>
  call(api.POST('/api/admin/alerts/test', { body }));

/** How the providers' keys share their load now. */
export function useLoad() {
  return useApiQuery(['load'], (signal) => call(api.GET('/loadbalancer/metrics', { signal })), { refetchInterval: 5000 });
}

/** Chooses how keys share the load: of one provider, or of every one and of those to come. */
export function useChooseStrategy() {
  return useApiMutation(
    (body: { algorithm: Strategy; providerCode?: string }) => call(api.PUT('/loadbalancer/algorithm', { body })),
    [['load'], ['settings'], ['providers'], ['audit']],
  );
}

/** What of the configuration decides a field, where something does. */
export function lockOf(settings: Settings, field: string): string | undefined {
  return settings.locked.find((lock) => lock.field === field)?.by;
}
