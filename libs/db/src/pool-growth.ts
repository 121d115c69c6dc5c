import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';

export interface PoolGrowthParts {
  /** Opens one more connection and leaves it free. */
  readonly open: () => Promise<void>;
  /** The numbers of connections that are open and that may be open. */
  readonly size: () => number;
  readonly sizeMax: number;
  /** Whether a request waits for a connection. */
  readonly isWanted: () => boolean;
  readonly onFailed: (error: unknown) => void;
}

export interface PoolGrowth {
  /** Opens connections in the background for as long as they are wanted. */
  grow(): void;
  /** Opens a connection unless there is one. Throws when that fails. */
  openFirst(): Promise<void>;
  stop(): void;
}

/** The number of connections that are opened at a time: after an outage, many services connect at once. */
const openingMax = 2;
const pauseAfterFailureMs = 250;

/**
 * Grows a pool apart from the requests that want its connections: a request takes whichever connection is free first, and
 * never hangs on one that is still being opened.
 */
export const createPoolGrowth = ({ open, size, sizeMax, isWanted, onFailed }: PoolGrowthParts): PoolGrowth => {
  let opening = 0;
  let isStopped = false;

  const openOne = async (): Promise<void> => {
    opening += 1;
    try {
      await open();
      // Until then no waiting request has been admitted for this connection.
      await nextTurn();
    } catch (error) {
      if (isStopped) return;
      onFailed(error);
      await delay(pauseAfterFailureMs, undefined, { ref: false });
    } finally {
      opening -= 1;
    }
    if (isWanted()) grow();
  };
  const grow = (): void => {
    const room = isStopped ? 0 : Math.min(openingMax - opening, sizeMax - size() - opening);
    for (let count = 0; count < room; count += 1) void openOne();
  };
  return {
    grow,
    openFirst: async () => {
      if (size() === 0) await open();
    },
    stop: () => {
      isStopped = true;
    },
  };
};
