import { oneOf, text, whole, type Raw } from '@/app/search';

export const actions = [
  'create', 'update', 'delete', 'validate', 'reset', 'sync', 'import', 'reseal', 'reprice', 'login', 'logout', 'password',
] as const;

export const resources = [
  'provider', 'key', 'model', 'price', 'route', 'app_token', 'user', 'settings', 'alert-channel', 'log',
] as const;
export type Resource = (typeof resources)[number];

/** What the page keeps in its address, beside the range. */
export interface Search {
  action?: (typeof actions)[number] | undefined;
  resource?: Resource | undefined;
  resourceId?: number | undefined;
  userId?: number | undefined;
  page?: number | undefined;
  pageSize?: number | undefined;
  /** The entry whose drawer is open. */
  entry?: number | undefined;
}

/** Rows a page. */
export const PAGE_SIZE = 50;

export function validateSearch(raw: Raw): Search {
  return {
    action: oneOf(raw.action, actions),
    resource: oneOf(raw.resource, resources),
    resourceId: text(raw.resource) ? whole(raw.resourceId) : undefined,
    userId: whole(raw.userId),
    page: whole(raw.page),
    pageSize: [20, 50, 100, 200].find((size) => size === whole(raw.pageSize)),
    entry: whole(raw.entry),
  };
}
