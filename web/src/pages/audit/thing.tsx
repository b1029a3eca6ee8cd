import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';
import { useUsers } from '@/api/lists';
import type { Entry } from './api';
import { nameIn } from './changes';
import { resources, type Resource } from './search';

/** What a kind of thing is called. */
export function useResourceName() {
  const { t } = useTranslation('audit');
  return (resource: string) =>
    (resources as readonly string[]).includes(resource) ? t(`resources.${resource as Resource}`) : resource;
}

/** The thing that was changed, leading to where it is now. */
export function Thing({ entry }: { entry: Entry }) {
  const nameOf = useResourceName();
  const users = useUsers();
  const person = entry.resource === 'user' ? users.data?.find((each) => each.id === entry.resourceId)?.username : undefined;
  const name = nameIn(entry.after, entry.before) ?? person ?? (entry.resourceId == null ? null : `#${entry.resourceId}`);
  return (
    <span className="audit-thing">
      {nameOf(entry.resource)} {name === null ? null : <Place entry={entry}>{name}</Place>}
    </span>
  );
}

function Place({ entry, children }: { entry: Entry; children: string }) {
  const id = entry.resourceId;
  if (id == null || entry.action === 'delete') return <strong>{children}</strong>;
  switch (entry.resource) {
    case 'provider':
      return <Link to="/providers/$id/$tab" params={{ id: String(id), tab: 'settings' }}>{children}</Link>;
    case 'key': {
      const provider = providerOf(entry);
      if (provider === null) return <strong>{children}</strong>;
      return <Link to="/providers/$id/$tab" params={{ id: String(provider), tab: 'keys' }}>{children}</Link>;
    }
    case 'model':
    case 'price':
      return <Link to="/models/$id" params={{ id: String(id) }}>{children}</Link>;
    case 'route':
      return <a href={`/routes?route=${id}`}>{children}</a>;
    case 'app_token':
      return <a href={`/tokens?token=${id}`}>{children}</a>;
    case 'user':
      return <Link to="/users" search={{ user: id }}>{children}</Link>;
    default:
      return <strong>{children}</strong>;
  }
}

function providerOf({ after, before }: Entry): number | null {
  for (const value of [after, before] as unknown[]) {
    const id = typeof value === 'object' && value !== null ? (value as { providerId?: unknown }).providerId : undefined;
    if (typeof id === 'number') return id;
  }
  return null;
}
