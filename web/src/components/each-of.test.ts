import { expect, it } from 'vitest';
import { eachOf } from './each-of';

it('does all of it, a few at a time, and tells what failed', async () => {
  let open = 0;
  let most = 0;
  let steps = 0;
  const work = async (item: number) => {
    open += 1;
    most = Math.max(most, open);
    await Promise.resolve();
    open -= 1;
    if (item % 5 === 0) throw new Error(String(item));
  };

  const result = await eachOf([1, 2, 3, 4, 5, 6, 7, 8, 9, 10], work, () => (steps += 1));

  expect(result.done).toBe(8);
  expect(result.failures.map(String).sort()).toEqual(['Error: 10', 'Error: 5']);
  expect([most, steps]).toEqual([4, 10]);
});
