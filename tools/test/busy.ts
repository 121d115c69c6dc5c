import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';

/** Keeps every core busy, as other work on the machine would. The returned function ends it; so does the end of this process. */
export const keepBusy = (): (() => Promise<void>) => {
  const workers = Array.from({ length: availableParallelism() }, () => new Worker('for (;;);', { eval: true }));
  return async () => void (await Promise.all(workers.map((worker) => worker.terminate())));
};
