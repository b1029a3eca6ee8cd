import { useTranslation } from 'react-i18next';
import { formatCount } from '@/format';
import type { Uses } from './uses';

/** What uses a model, in a line: default model, route fast, 1,234 calls in 30 days. */
export function useUsesText() {
  const { t } = useTranslation('models');
  return ({ isDefault, routes, calls }: Uses): string =>
    [
      isDefault ? t('uses.defaultShort') : null,
      ...routes.slice(0, 3).map(({ alias }) => t('uses.route', { alias })),
      routes.length > 3 ? t('warning.more', { count: routes.length - 3 }) : null,
      calls > 0 ? t('uses.calls', { count: calls, amount: formatCount(calls) }) : null,
    ]
      .filter((part) => part !== null)
      .join(', ');
}
