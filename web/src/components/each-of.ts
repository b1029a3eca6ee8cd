/** Calls that one bulk action has under way at a time. */
const AT_A_TIME = 4;

/** Does `work` for each of `items`, a few at a time; what fails does not keep the others from being done. */
export async function eachOf<Item>(
  items: readonly Item[],
  work: (item: Item) => Promise<unknown>,
  onStep: () => void = () => undefined,
): Promise<{ done: number; failures: unknown[] }> {
  const waiting = [...items];
  const failures: unknown[] = [];
  const worker = async () => {
    for (let item = waiting.shift(); item !== undefined; item = waiting.shift()) {
      try {
        await work(item);
      } catch (thrown) {
        failures.push(thrown);
      }
      onStep();
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, worker));
  return { done: items.length - failures.length, failures };
}
