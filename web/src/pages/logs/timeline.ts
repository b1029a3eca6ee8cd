import type { Attempt } from './data';

/** Where an attempt lies within its call, in percent of the whole. */
export interface Lane {
  /** Until it was sent. */
  from: number;
  /** Until the first content; nothing where none came. */
  first: number | null;
  /** How long it took. */
  width: number;
}

type Timed = Pick<Attempt, 'createdAt' | 'startedAt' | 'latencyMs' | 'firstTokenMs'>;

/** How long the call took from its arrival to the end of its last attempt, in milliseconds. */
export function wholeMs(attempts: readonly Timed[]): number {
  return Math.max(1, ...attempts.map((attempt) => sentAfterMs(attempt) + attempt.latencyMs));
}

/** How long after the call's arrival the attempt was sent, in milliseconds. */
export function sentAfterMs(attempt: Timed): number {
  return Math.max(0, Date.parse(attempt.startedAt) - Date.parse(attempt.createdAt));
}

/** The lanes of a call's attempts. */
export function lanesOf(attempts: readonly Timed[]): Lane[] {
  const whole = wholeMs(attempts);
  const percent = (ms: number) => Math.min(100, (ms / whole) * 100);
  return attempts.map((attempt) => ({
    from: percent(sentAfterMs(attempt)),
    first: attempt.firstTokenMs == null ? null : percent(Math.min(attempt.firstTokenMs, attempt.latencyMs)),
    width: percent(attempt.latencyMs),
  }));
}
