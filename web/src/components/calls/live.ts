import { useEffect, useMemo, useSyncExternalStore } from 'react';
import { events } from '@/api/events';
import { asApiError, type ApiError } from '@/api/errors';
import { queryOf, type Call, type Wanted } from './filter';

/** Calls kept in sight while watching; older ones are in the list below them. */
const KEPT = 500;
/** After how long the stream is opened again where it broke. */
const AGAIN_MS = 2_000;
/** What the list knows and the stream does not. */
const notLive = new Set(['startDate', 'endDate', 'tz', 'requestId', 'failedKeyId']);

/** What the stream takes of the filters; it knows no time, and only final attempts. */
export function liveQuery(wanted: Wanted): string {
  const filters = Object.entries(queryOf(wanted)).filter(([name]) => !notLive.has(name));
  const query = new URLSearchParams(filters.map(([name, value]) => [name, String(value)]));
  if (wanted.failedKeyId) {
    query.set('keyId', String(wanted.failedKeyId));
    query.set('status', 'error');
  }
  return query.toString();
}

/** New calls before the others, each once, at most so many. */
export function merged(before: readonly Call[], come: readonly Call[]): Call[] {
  const seen = new Set<string>();
  return [...come, ...before].filter(({ requestId }) => !seen.has(requestId) && seen.add(requestId)).slice(0, KEPT);
}

interface State {
  calls: Call[];
  /** Calls that came while the person reads further down. */
  waiting: Call[];
  /** Calls that were too many to be told. */
  missed: number;
  error: ApiError | null;
  isOpen: boolean;
}

const nothing: State = { calls: [], waiting: [], missed: 0, error: null, isOpen: false };

/** Follows the stream of one query while somebody looks. */
class Feed {
  private now = nothing;
  private isHeld = false;
  private come: Call[] = [];
  private frame = 0;
  private stop: AbortController | null = null;
  private readonly listeners = new Set<() => void>();

  constructor(private readonly query: string | null) {}

  readonly state = () => this.now;

  readonly subscribe = (listener: () => void) => {
    this.listeners.add(listener);
    if (!this.stop && this.query !== null) void this.watch(this.query, (this.stop = new AbortController()).signal);
    return () => {
      this.listeners.delete(listener);
      if (this.listeners.size > 0) return;
      this.stop?.abort();
      this.stop = null;
      cancelAnimationFrame(this.frame);
      this.frame = 0;
    };
  };

  /** While held, new calls wait, so that the list does not move under who reads it. */
  hold(isHeld: boolean) {
    this.isHeld = isHeld;
    if (!isHeld && this.now.waiting.length > 0) this.show();
  }

  readonly show = () => this.set({ calls: merged(this.now.calls, this.now.waiting), waiting: [] });

  private set(next: Partial<State>) {
    this.now = { ...this.now, ...next };
    for (const listener of [...this.listeners]) listener();
  }

  private async watch(query: string, signal: AbortSignal) {
    while (!signal.aborted) {
      try {
        this.set({ isOpen: true, error: null });
        await this.follow(query, signal);
      } catch (thrown) {
        if (signal.aborted) return;
        this.set({ error: asApiError(thrown) });
      }
      this.set({ isOpen: false });
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS));
    }
  }

  private async follow(query: string, signal: AbortSignal) {
    for await (const event of events(`/api/admin/ai-stats/logs/live?${query}`, { signal })) {
      if (event.event === 'lagged') {
        const told = JSON.parse(event.data) as { missed: number };
        this.set({ missed: this.now.missed + told.missed });
        continue;
      }
      this.come.unshift(JSON.parse(event.data) as Call);
      // Many calls may end within a frame: they are shown together.
      this.frame ||= requestAnimationFrame(() => this.flush());
    }
  }

  private flush() {
    const { come } = this;
    this.frame = 0;
    this.come = [];
    if (this.isHeld) this.set({ waiting: merged(this.now.waiting, come) });
    else this.set({ calls: merged(this.now.calls, come) });
  }
}

export interface Live extends Omit<State, 'waiting'> {
  waiting: number;
  /** Shows what waits. */
  show: () => void;
}

/** Calls as they end, newest first. While `isHeld` they wait. */
export function useLive(isOn: boolean, wanted: Wanted, isHeld: boolean): Live {
  const query = isOn ? liveQuery(wanted) : null;
  const feed = useMemo(() => new Feed(query), [query]);
  const state = useSyncExternalStore(feed.subscribe, feed.state);
  useEffect(() => feed.hold(isHeld), [feed, isHeld]);
  return { ...state, waiting: state.waiting.length, show: feed.show };
}
