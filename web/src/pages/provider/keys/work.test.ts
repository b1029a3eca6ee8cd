import { act, renderHook } from '@testing-library/react';
import { expect, test } from 'vitest';
import { ApiError } from '@/api/errors';
import { putAway, startWork, useWork } from './work';

const items = [1, 2, 3].map((id) => ({ id, name: `key ${id}` }));

test('work tells what became of each key, a failed request included', async () => {
  const { result } = renderHook(() => useWork(1));
  await act(async () => {
    await startWork(1, 'validate', items, async ({ id }) => {
      if (id === 2) throw new ApiError('provider_error', 'away', 502, 'req-2');
      return id === 3 ? 'revoked' : null;
    });
  });
  expect(result.current).toMatchObject({ kind: 'validate', total: 3, isOver: true });
  const told = [...(result.current?.outcomes ?? [])].sort((one, other) => one.id - other.id);
  expect(told.map(({ isOk, reason, requestId }) => [isOk, reason, requestId])).toEqual([
    [true, null, null],
    [false, 'away', 'req-2'],
    [false, 'revoked', null],
  ]);
  act(() => putAway(1));
  expect(result.current).toBeUndefined();
});

test('it goes on while nobody looks, and a second one does not begin meanwhile', async () => {
  let finish: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const first = startWork(2, 'delete', items, () => gate.then(() => null));
  expect(await startWork(2, 'off', items, async () => null)).toEqual([]);
  putAway(2);
  const { result } = renderHook(() => useWork(2));
  expect(result.current).toMatchObject({ kind: 'delete', isOver: false, outcomes: [] });
  await act(async () => {
    finish();
    await first;
  });
  expect(result.current?.outcomes).toHaveLength(3);
  act(() => putAway(2));
});
