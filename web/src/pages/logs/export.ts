import { useSyncExternalStore } from 'react';
import { raw } from '@/api/client';
import { asApiError, type ApiError } from '@/api/errors';
import { queryOf, type Wanted } from '@/components/calls';

/** A file of calls that is being written; it goes on while the person is on another page. */
export interface CallExport {
  state: 'none' | 'running' | 'done' | 'failed' | 'stopped';
  /** Lines written so far: attempts. */
  rows: number;
  bytes: number;
  /** How many calls there are, where that is known. */
  calls: number | undefined;
  error: ApiError | null;
}

const none: CallExport = { state: 'none', rows: 0, bytes: 0, calls: undefined, error: null };
let current: CallExport = none;
let stop: AbortController | null = null;
const listeners = new Set<() => void>();

function set(next: Partial<CallExport>) {
  current = { ...current, ...next };
  for (const listener of [...listeners]) listener();
}

/** The lines that a piece of the file ends. Line feeds within quotes count too, so a few more may be told. */
export function linesIn(piece: Uint8Array): number {
  let count = 0;
  for (const byte of piece) if (byte === 10) count += 1;
  return count;
}

async function read(wanted: Wanted, signal: AbortSignal): Promise<{ parts: Uint8Array[]; name: string }> {
  const query = new URLSearchParams({ format: 'csv' });
  for (const [name, value] of Object.entries(queryOf(wanted))) query.set(name, String(value));
  const response = await raw(`/api/admin/ai-stats/logs/export?${query.toString()}`, { signal });
  const name = /filename="([^"]+)"/.exec(response.headers.get('content-disposition') ?? '')?.[1] ?? 'calls.csv';
  const parts: Uint8Array[] = [];
  const reader = response.body?.getReader();
  let [rows, bytes] = [-1, 0];
  for (;;) {
    const { done, value } = (await reader?.read()) ?? { done: true, value: undefined };
    if (done) return { parts, name };
    parts.push(value);
    rows += linesIn(value);
    bytes += value.length;
    set({ rows: Math.max(0, rows), bytes });
  }
}

function save(parts: Uint8Array[], name: string) {
  const link = document.createElement('a');
  // With the mark of its encoding, without which a spreadsheet reads Chinese names wrongly.
  link.href = URL.createObjectURL(new Blob(['\uFEFF', ...(parts as BlobPart[])], { type: 'text/csv' }));
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

/** The one export of this tab. */
export const callExport = {
  state: () => current,

  subscribe(listener: () => void) {
    listeners.add(listener);
    return () => {
      listeners.delete(listener);
    };
  },

  /** Writes the file and hands it to the browser. A connection that is cut makes no file. */
  async start(wanted: Wanted, calls: number | undefined): Promise<void> {
    if (current.state === 'running') return;
    stop = new AbortController();
    set({ ...none, state: 'running', calls });
    try {
      const { parts, name } = await read(wanted, stop.signal);
      save(parts, name);
      set({ state: 'done' });
    } catch (thrown) {
      if (stop.signal.aborted) set({ state: 'stopped' });
      else set({ state: 'failed', error: asApiError(thrown) });
    }
  },

  stop: () => stop?.abort(),
};

/** How the export fares. */
export function useCallExport(): CallExport {
  return useSyncExternalStore(callExport.subscribe, callExport.state);
}
