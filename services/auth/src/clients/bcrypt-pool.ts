import { randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { createSlots } from '@guildhall/resources';
import { getRounds } from 'bcryptjs';
import { Piscina } from 'piscina';
import type { Passwords } from '../core/passwords.ts';

export interface BcryptPool extends Passwords {
  /** The implementation that hashes: the one in C, or the one in JavaScript where the package has no build for this platform. */
  readonly engine: 'native' | 'javascript';
  /** The number of requested hashes and comparisons, and of those that wait. */
  readonly counts: () => { readonly asked: number; readonly waiting: number };
  close(): Promise<void>;
}

export interface BcryptPoolOptions {
  /** log2 of the rounds. */
  readonly cost: number;
  /** The most jobs that may wait for a worker. Default: 32 for each. */
  readonly waitingMax?: number;
  /** The most jobs of one holder that may wait or be under way. Default: 8 for each worker. */
  readonly jobsPerHolderMax?: number;
}

const waitingMaxPerThread = 32;
const jobsPerHolderMaxPerThread = 8;
/** Below every other process of the machine that asks for more (nice(2)): log-ins wait, the event loop does not. */
const niceIncrement = 10;
const retryAfterSeconds = 2;
const workerMegabytesMax = 64;
/** The idle time after which a worker ends and frees its memory. */
const idleTimeoutMs = 30_000;

/**
 * bcrypt in worker threads of low priority. Load shedding: a job is refused at once when the queue is full, or when its holder
 * has a share of it already.
 */
export const createBcryptPool = async (options: BcryptPoolOptions): Promise<BcryptPool> => {
  const { cost } = options;
  const threads = availableParallelism();
  const jobsMax = threads + (options.waitingMax ?? threads * waitingMaxPerThread);
  const pool = new Piscina<object, unknown>({
    filename: new URL('bcrypt-worker.ts', import.meta.url).href,
    minThreads: 0,
    idleTimeout: idleTimeoutMs,
    maxThreads: threads,
    // The bound is ours (below): piscina throws an Error of its own at its bound.
    maxQueue: jobsMax,
    concurrentTasksPerWorker: 1,
    niceIncrement,
    resourceLimits: { maxOldGenerationSizeMb: workerMegabytesMax },
  });
  const slots = createSlots({
    slotsMax: jobsMax,
    slotsPerHolderMax: options.jobsPerHolderMax ?? threads * jobsPerHolderMaxPerThread,
    allTaken: () => 'Too many sign-ins at once.',
    shareTaken: () => 'Too many sign-ins at once from your address.',
    retryAfterSeconds,
  });
  let asked = 0;
  const run = async (name: 'hash' | 'compare', task: object, holder: string): Promise<unknown> => {
    const release = slots.take({ id: holder });
    asked += 1;
    try {
      return await pool.run(task, { name });
    } finally {
      release();
    }
  };
  const hash = async (password: string, holder: string): Promise<string> => String(await run('hash', { password, cost }, holder));
  const dummyHash = await hash(randomBytes(32).toString('base64url'), 'start');
  const engine = (await pool.run({}, { name: 'engine' })) === 'native' ? 'native' : 'javascript';
  return {
    engine,
    hash,
    compare: async (password, known, holder) => (await run('compare', { password, hash: known }, holder)) === true,
    dummyHash,
    isOutdated: (known) => getRounds(known) < cost,
    counts: () => ({ asked, waiting: pool.queueSize }),
    close: () => pool.destroy(),
  };
};
