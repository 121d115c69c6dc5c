import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { AppError } from '@guildhall/errors';
import { getRounds } from 'bcryptjs';
import { Piscina } from 'piscina';
import type { Passwords } from '../core/passwords.ts';

export interface BcryptPool extends Passwords {
  /** The number of requested hashes and comparisons, and of those that wait. */
  readonly counts: () => { readonly asked: number; readonly waiting: number };
  close(): Promise<void>;
}

export interface BcryptPoolOptions {
  /** log2 of the rounds. */
  readonly cost: number;
  /** The most jobs that may wait for a worker. Default: 32 for each. */
  readonly waitingMax?: number;
}

const waitingMaxPerThread = 32;
/** Below every other process of the machine that asks for more (nice(2)): log-ins wait, the event loop does not. */
const niceIncrement = 10;
const retryAfterSeconds = 2;
const workerMegabytesMax = 64;
/** The idle time after which a worker ends and frees its memory. */
const idleTimeoutMs = 30_000;

/** bcrypt in worker threads of low priority. Load shedding: a job is refused at once when the queue is full. */
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
