import { stateNamed, type State } from '../state-tag';
import type { Call } from './filter';

/** How a call ended: an answer that broke off within is told apart from one that never began. */
export function stateOf(call: Pick<Call, 'status' | 'errorCode'>): State {
  return call.status === 'error' && call.errorCode === 'after_content' ? 'interrupted' : stateNamed(call.status);
}
