/** The size of a pool of connections: of more tasks, the rest would wait for one, and be refused on a busy machine. */
const poolSize = 10;

/** Runs the task for every item, as many at once as a pool has connections. Returns the results in the order of the items. */
export const atOnce = async <T, R>(items: readonly T[], task: (item: T, index: number) => Promise<R>): Promise<readonly R[]> => {
  const waiting = items.entries();
  const results: R[] = [];
  const work = async (): Promise<void> => {
    for (const [index, item] of waiting) results[index] = await task(item, index);
  };
  await Promise.all(Array.from({ length: poolSize }, work));
  return results;
};

/** Runs the task so many times, as many at once as a pool has connections. Returns the results in the order of their numbers, from 0. */
export const timesAtOnce = <R>(times: number, task: (index: number) => Promise<R>): Promise<readonly R[]> =>
  atOnce([...Array(times).keys()], task);
