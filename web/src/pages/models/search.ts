import { flag, oneOf, text, whole, type Raw } from '@/app/search';

export const modelTypes = ['chat', 'embedding', 'image', 'audio', 'moderation', 'rerank', 'other'] as const;
export const lifecycles = ['active', 'deprecating', 'retired'] as const;
export const states = ['on', 'off'] as const;
export const marks = ['default', 'unpriced', 'missing', 'inUse'] as const;
export const sorts = ['model', 'prompt', 'completion', 'calls', 'shutdown'] as const;

/** What the address of the list of models says. */
export interface ModelsSearch {
  q?: string | undefined;
  provider?: number | undefined;
  type?: (typeof modelTypes)[number] | undefined;
  lifecycle?: (typeof lifecycles)[number] | undefined;
  state?: (typeof states)[number] | undefined;
  mark?: (typeof marks)[number] | undefined;
  sort?: (typeof sorts)[number] | undefined;
  down?: true | undefined;
  page?: number | undefined;
  /** The form that is open: `new`, or a model's id. */
  edit?: 'new' | number | undefined;
}

export function validateSearch(raw: Raw): ModelsSearch {
  return {
    q: text(raw.q),
    provider: whole(raw.provider),
    type: oneOf(raw.type, modelTypes),
    lifecycle: oneOf(raw.lifecycle, lifecycles),
    state: oneOf(raw.state, states),
    mark: oneOf(raw.mark, marks),
    sort: oneOf(raw.sort, sorts),
    down: flag(raw.down),
    page: whole(raw.page),
    edit: oneOf(raw.edit, ['new'] as const) ?? whole(raw.edit),
  };
}
