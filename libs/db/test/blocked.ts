import { setImmediate as immediate } from 'node:timers/promises';

/**
 * Keeps this process from everything else for a while, from a place in the event loop where the timers come next: what was put off with
 * setImmediate comes after them.
 */
export const blockAfter = async (start: () => void, ms: number): Promise<void> => {
  await immediate();
  start();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, ms);
};
