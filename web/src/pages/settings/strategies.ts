import { useTranslation } from 'react-i18next';
import type { Strategy } from './api';

const all: readonly Strategy[] = ['priority', 'least_load', 'round_robin', 'weighted', 'least_requests', 'random', 'ip_hash'];

/** The ways in which keys share a load, in the words of the providers' page. */
export function useStrategyOptions() {
  const { t } = useTranslation('providers');
  const nameOf = (strategy: Strategy) => t(`form.strategies.${strategy}`);
  return {
    options: all.map((value) => ({ value, label: nameOf(value) })),
    nameOf,
    textOf: (strategy: Strategy) => t(`form.strategyHints.${strategy}`),
  };
}
