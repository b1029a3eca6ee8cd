import { api, call } from '@/api/client';
import { useApiQuery } from '@/api/query';
import type { components } from '@/api/schema';
import { PAGE_SIZE, type Search } from './search';

export type Entry = components['schemas']['AuditView'];

interface Span {
  startDate: string;
  endDate: string;
  tz: string;
}

/** A page of the log, newest first. */
export function useAudit({ action, resource, resourceId, userId, page, pageSize }: Search, span: Span) {
  const query = { action, resource, resourceId, userId, page: page ?? 1, pageSize: pageSize ?? PAGE_SIZE, ...span };
  return useApiQuery(['audit', query], (signal) => call(api.GET('/api/admin/audit-logs', { params: { query }, signal })), { keep: true });
}
