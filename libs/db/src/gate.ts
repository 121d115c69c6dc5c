import { overloaded } from './database-errors.ts';

export interface GateLimits {
  /** How many may be inside. */
  readonly insideMax: number;
  /** How many may wait in front. */
  readonly waitingMax: number;
  readonly waitMsMax: number;
}

interface Waiting {
  readonly enter: () => void;
  readonly timer: NodeJS.Timeout;
}

export interface Gate {
  /** Runs `work` when there is room. Throws SERVICE_UNAVAILABLE when too many wait, or when waiting takes too long. */
  through<T>(work: () => Promise<T>): Promise<T>;
}

/** Bounds how many use the pool and how many wait for it: slonik itself lets any number wait for ever. */
export const createGate = ({ insideMax, waitingMax, waitMsMax }: GateLimits): Gate => {
  const waiting = new Set<Waiting>();
  let inside = 0;

  const wait = (): Promise<void> => {
    if (waiting.size >= waitingMax) throw overloaded();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = setTimeout(() => {
      waiting.delete(entry);
      reject(overloaded());
    }, waitMsMax);
    const entry: Waiting = { enter: resolve, timer };
    waiting.add(entry);
    return promise;
  };

  /** The place is handed on to the one that waits longest, or given up. */
  const leave = (): void => {
    const [next] = waiting;
    if (next === undefined) {
      inside -= 1;
      return;
    }
    waiting.delete(next);
    clearTimeout(next.timer);
    next.enter();
  };

  return {
    through: async (work) => {
      if (inside >= insideMax) await wait();
      else inside += 1;
      try {
        return await work();
      } finally {
        leave();
      }
    },
  };
};
