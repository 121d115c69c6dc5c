import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { AppError } from '@guildhall/errors';
import { getRounds } from 'bcryptjs';
import { Piscina } from 'piscina';
import type { Passwords } from '../core/passwords.ts';

export interface BcryptPool extends Passwords {
  /** How many hashes and comparisons were asked for, and how many are waiting. */
  readonly counts: () => { readonly asked: number; readonly waiting: number };
  close(): Promise<void>;
}

export interface BcryptPoolOptions {
  /** log2 of the rounds. */
  readonly cost: number;
  /** How many may wait for a worker. Default: 32 for each. */
  readonly waitingMax?: number;
}

const waitingMaxPerThread = 32;
/** Below every other process of the machine that asks for more (nice(2)): log-ins wait, the event loop does not. */
const niceIncrement = 10;
const retryAfterSeconds = 2;
const workerMegabytesMax = 64;
/** A worker that has had nothing to do for so long ends, and gives its memory back. */
const idleTimeoutMs = 30_000;

/** bcrypt in worker threads of low priority. Whoever comes when the queue is full is turned away at once. */
export const createBcryptPool = async ({ cost, waitingMax }: BcryptPoolOptions): Promise<BcryptPool> => {
  const threads = availableParallelism();
  const queueMax = waitingMax ?? threads * waitingMaxPerThread;
  const pool = new Piscina<object, unknown>({
    filename: new URL('bcrypt-worker.ts', import.meta.url).href,
    minThreads: 0,
    idleTimeout: idleTimeoutMs,
    maxThreads: threads,
    // The bound is ours (below): piscina throws an Error of its own at its bound.
    maxQueue: queueMax + threads,
    concurrentTasksPerWorker: 1,
    niceIncrement,
    resourceLimits: { maxOldGenerationSizeMb: workerMegabytesMax },
  });
  let asked = 0;
  const run = async (name: 'hash' | 'compare', task: object): Promise<unknown> => {
    if (pool.queueSize >= queueMax)
      throw new AppError('SERVICE_UNAVAILABLE', 'Too many sign-ins at once.', { retryAfterSeconds });
    asked += 1;
    return pool.run(task, { name });
  };
  const hash = async (password: string): Promise<string> => String(await run('hash', { password, cost }));
  const dummyHash = await hash(randomBytes(32).toString('base64url'));
  return {
    hash,
    compare: async (password, known) => (await run('compare', { password, hash: known })) === true,
    dummyHash,
    isOutdated: (known) => getRounds(known) < cost,
    counts: () => ({ asked, waiting: pool.queueSize }),
    close: () => pool.destroy(),
  };
};
