import { useSyncExternalStore } from 'react';
import { ApiError, errorOf } from '@/api/errors';
import { reach } from '@/api/reach';
import type { components } from '@/api/schema';
import { exclusive } from './exclusive';
import { preferences } from './preferences';

/** Who is signed in. */
export type Me = components['schemas']['MeView'];
export type Role = Me['role'];
type Grant = components['schemas']['GrantView'];

/** `expired`: the session ended while somebody was at work; the page stays and waits for their password. */
type State = { status: 'out' | 'in' | 'expired'; me: Me | null };

/** A token is renewed when it has less than this left. */
const EARLY_MS = 30_000;

let state: State = { status: 'out', me: null };
/** The access token lives here and nowhere else; what renews it is a cookie that scripts cannot read. */
let access: { token: string; endsAt: number } | null = null;
let renewal: Promise<boolean> | null = null;
const listeners = new Set<() => void>();

function set(next: State) {
  state = next;
  for (const listener of [...listeners]) listener();
}

function accept(grant: Grant) {
  access = { token: grant.token, endsAt: Date.parse(grant.expiresAt) };
  preferences.write('session', 'yes');
  set({ status: 'in', me: grant.user });
}

function end(status: 'out' | 'expired') {
  access = null;
  if (status === 'out') preferences.remove('session');
  set({ status, me: status === 'out' ? null : state.me });
}

async function post<T>(path: string, body: object, token?: string): Promise<T> {
  const headers = new Headers({ 'Content-Type': 'application/json' });
  if (token) headers.set('Authorization', `Bearer ${token}`);
  const response = await reach(new Request(path, { method: 'POST', headers, body: JSON.stringify(body) }));
  const answer: unknown = await response.json().catch(() => null);
  if (!response.ok) throw errorOf(response, answer);
  return (answer as { data: T }).data;
}

/** Gets the next access token by the cookie; one at a time among all tabs, since each cookie works once but for a few seconds. */
async function renew(): Promise<boolean> {
  try {
    accept(await exclusive('refresh', () => post<Grant>('/api/auth/refresh', {})));
    return true;
  } catch (thrown) {
    // 422: the browser has no cookie any more.
    if (thrown instanceof ApiError && [401, 422].includes(thrown.status)) return false;
    throw thrown;
  }
}

function renewOnce(): Promise<boolean> {
  renewal ??= renew().finally(() => {
    renewal = null;
  });
  return renewal;
}

/** Resolves when somebody has signed in again in the dialog; rejects when they left. */
function signedInAgain(signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = session.subscribe(() => {
      if (state.status === 'expired') return;
      stop();
      if (state.status === 'in') resolve();
      else reject(new ApiError('unauthenticated', 'signed out', 401));
    });
    signal.addEventListener('abort', () => {
      stop();
      reject(signal.reason as Error);
    });
  });
}

/** The session of this tab. */
export const session = {
  state: () => state,

  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },

  /** Goes on with the session that this browser has, if it has one. */
  async start(): Promise<void> {
    if (preferences.read('session') !== 'yes') return;
    if (!(await renewOnce())) end('out');
  },

  /** A token that holds; waits for the person where only they can get one. */
  async token(signal: AbortSignal, refused?: string): Promise<string> {
    const isGood = access && access.token !== refused && access.endsAt - Date.now() > EARLY_MS;
    if (access && isGood) return access.token;
    if (state.status === 'in' && !(await renewOnce())) end('expired');
    if (state.status === 'expired') await signedInAgain(signal);
    if (!access) throw new ApiError('unauthenticated', 'signed out', 401);
    return access.token;
  },

  async signIn(username: string, password: string): Promise<Me> {
    const before = state.me;
    const grant = await post<Grant>('/api/auth/login', { username, password, asCookie: true });
    // Another person in the dialog of an ended session does not get the first one's page.
    if (before && before.id !== grant.user.id) {
      preferences.write('session', 'yes');
      window.location.assign('/');
      return grant.user;
    }
    accept(grant);
    return grant.user;
  },

  async changePassword(currentPassword: string, newPassword: string): Promise<void> {
    const token = await session.token(new AbortController().signal);
    accept(await post<Grant>('/api/auth/password', { currentPassword, newPassword, asCookie: true }, token));
  },

  /** Ends this session, or every one of this user. Where the server is away it is forgotten here at least. */
  async signOut(everywhere = false): Promise<void> {
    const token = access?.token;
    if (token) await post('/api/auth/logout' + (everywhere ? '?all=true' : ''), {}, token).catch(() => null);
    end('out');
  },
};

/** The state of the session, followed. */
export function useSession(): State {
  return useSyncExternalStore(session.subscribe, session.state);
}

/** Who is signed in; only for pages within the shell, where somebody is. */
export function useMe(): Me {
  const { me } = useSession();
  if (!me) throw new Error('nobody is signed in');
  return me;
}

/** What roles may do. */
const abilities = {
  /** Change providers, keys, models, routes. */
  write: ['admin'],
  /** See and change tokens, users, audit, settings. */
  access: ['admin'],
  /** See statistics, calls and configuration. */
  read: ['admin', 'analyst'],
  /** Call models. */
  call: ['admin', 'app'],
} satisfies Record<string, Role[]>;

export type Ability = keyof typeof abilities;

/** Whether the person may. */
export function useCan(ability: Ability): boolean {
  const { role } = useMe();
  return (abilities[ability] as Role[]).includes(role);
}
