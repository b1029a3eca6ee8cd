import { useTranslation } from 'react-i18next';
import { StateTag, type State } from '@/components';
import type { Health, HealthState } from './health';

const looks: Record<HealthState, State> = {
  healthy: 'healthy',
  degraded: 'degraded',
  down: 'down',
  noKey: 'warning',
  off: 'off',
};

/** How a provider fares, in words: a state, and why. */
export function HealthTag({ health }: { health: Health }) {
  const { t } = useTranslation('providers');
  return <StateTag state={looks[health.state]} text={t(`health.${health.state}`)} />;
}

/** Why it fares so. */
export function HealthReason({ health }: { health: Health }) {
  const { t } = useTranslation('providers');
  const { state, active, usable } = health;
  if (state === 'degraded') return <>{t('health.why.degraded', { count: active - usable })}</>;
  return <>{t(`health.why.${state}`)}</>;
}

/** What is wrong with its keys: how many of each state. */
export function Troubles({ health }: { health: Health }) {
  const { t } = useTranslation('components');
  if (health.troubles.length === 0) return null;
  return (
    <span className="row">
      {health.troubles.map(([status, count]) => (
        <StateTag key={status} state={status} text={`${count} × ${t(`state.${status}`)}`} />
      ))}
    </span>
  );
}
