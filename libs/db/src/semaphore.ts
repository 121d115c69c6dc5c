import { afterReading } from '@guildhall/repeat';
import { overloaded } from './database-errors.ts';

export interface SemaphoreLimits {
  /** The number of permits. It may change; `admit` is called after it grew. */
  readonly permits: () => number;
  /** The largest number of running and waiting calls together. */
  readonly presentMax: number;
  /** The longest time that a call may wait, in milliseconds. */
  readonly waitMsMax: number;
  /** Called when a call begins to wait. */
  readonly onWaiting: () => void;
}

interface Waiting {
  readonly enter: () => void;
  readonly refuse: (error: unknown) => void;
}

export interface Semaphore {
  /** Runs `work` when there is a permit. Throws SERVICE_UNAVAILABLE when too many wait, or when waiting takes too long. */
  through<T>(work: () => Promise<T>): Promise<T>;
  /** Starts waiting calls while permits are free. */
  admit(): void;
  inside(): number;
  /** The largest number of calls that were inside at a time since this was called before. */
  takePeak(): number;
  waiting(): number;
  /** Refuses every waiting call with this error. */
  refuseWaiting(error: unknown): void;
}

/** A number that goes up and down, and the largest that it was since that was asked for. */
const createCount = () => {
  let count = 0;
  let peak = 0;
  return {
    now: (): number => count,
    add: (change: number): void => {
      count += change;
      peak = Math.max(peak, count);
    },
    takePeak: (): number => {
      const largest = peak;
      peak = count;
      return largest;
    },
  };
};

/** A counting semaphore with a bounded queue (backpressure): the queue of slonik itself has no bound and no time limit. */
export const createSemaphore = ({ permits, presentMax, waitMsMax, onWaiting }: SemaphoreLimits): Semaphore => {
  const queue = new Set<Waiting>();
  const inside = createCount();

  const wait = (): Promise<void> => {
    if (inside.now() + queue.size >= presentMax) throw overloaded();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const timer = afterReading(waitMsMax, () => entry.refuse(overloaded()));
    const leaveQueue = (): void => {
      queue.delete(entry);
      clearTimeout(timer);
    };
    const entry: Waiting = {
      enter: () => {
        leaveQueue();
        inside.add(1);
        resolve();
      },
      refuse: (error) => {
        leaveQueue();
        reject(error);
      },
    };
    queue.add(entry);
    onWaiting();
    return promise;
  };
  const admit = (): void => {
    for (const entry of queue) {
      if (inside.now() >= permits()) return;
      entry.enter();
    }
  };

  return {
    through: async (work) => {
      if (inside.now() >= permits()) await wait();
      else inside.add(1);
      try {
        return await work();
      } finally {
        inside.add(-1);
        admit();
      }
    },
    admit,
    inside: inside.now,
    takePeak: inside.takePeak,
    waiting: () => queue.size,
    refuseWaiting: (error) => {
      for (const entry of queue) entry.refuse(error);
    },
  };
};
