export { callStatuses, queryOf, requestIdIn, type Call, type CallFilter, type Wanted } from './filter';
export { merged, useLive, type Live } from './live';
export { stateOf } from './state';
