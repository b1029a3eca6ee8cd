import { api, call } from '@/api/client';
import { useApiMutation, useApiQuery } from '@/api/query';
import type { components } from '@/api/schema';

export type User = components['schemas']['UserView'];
export type NewUser = components['schemas']['NewUser'];
export type UserChange = components['schemas']['UserPatch'];
export type Session = components['schemas']['SessionView'];

const LIST = '/api/admin/users';
const ONE = '/api/admin/users/{id}';
const SESSIONS = '/api/admin/users/{id}/sessions';
const at = (id: number) => ({ params: { path: { id } } });

/** Where a user is signed in. */
export function useSessions(id: number) {
  return useApiQuery(['sessions', id], (signal) => call(api.GET(SESSIONS, { ...at(id), signal })));
}

export function useUserChanges() {
  const keys = [['users'], ['audit']];
  // Of one that is deleted nothing more is asked.
  const andSessions = [...keys, ['sessions']];
  return {
    create: useApiMutation((body: NewUser) => call(api.POST(LIST, { body })), keys),
    update: useApiMutation(
      ({ id, body }: { id: number; body: UserChange }) => call(api.PUT(ONE, { ...at(id), body })),
      andSessions,
    ),
    remove: useApiMutation((id: number) => call(api.DELETE(ONE, at(id))), keys),
    endSessions: useApiMutation((id: number) => call(api.DELETE(SESSIONS, at(id))), andSessions),
  };
}

/** Whether nobody else could administer once this user no longer does. */
export function isLastAdmin(user: User, users: readonly User[]): boolean {
  const isAdmin = (each: User) => each.role === 'admin' && each.isActive;
  return isAdmin(user) && !users.some((each) => each.id !== user.id && isAdmin(each));
}

/** The users whose name holds that text, whatever the case. */
export function named(users: readonly User[], text = ''): User[] {
  const part = text.trim().toLowerCase();
  return users.filter((user) => user.username.toLowerCase().includes(part));
}
