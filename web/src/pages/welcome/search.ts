import { oneOf, type Raw } from '@/app/search';
import { stepNames, type StepName } from './steps';

/** What the page keeps in its address. */
export interface Search {
  /** The step that is open, where another one than the next was chosen. */
  step?: StepName | undefined;
}

export function validateSearch(raw: Raw): Search {
  return { step: oneOf(raw.step, stepNames) };
}
