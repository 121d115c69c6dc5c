export interface PoolShrinkParts {
  /** The number of open connections. */
  readonly size: () => number;
  /** The largest number of connections that were in use at a time since it was asked before. */
  readonly peak: () => number;
  /** Closes one connection as soon as one is free. Never throws. */
  readonly closeOne: () => Promise<void>;
  /** The time for which a connection is kept that nobody needs, in milliseconds. It is closed before half of that has passed again. */
  readonly idleMs: number;
}

/**
 * Closes the connections of a pool that a peak has opened and that nobody has needed since. slonik's own idle time-out does not: its pool hands out
 * the connection that has been free longest, so that a poll every few milliseconds keeps all of them in use. At least one connection is left.
 * Returns a function that stops it.
 */
export const startPoolShrink = ({ size, peak, closeOne, idleMs }: PoolShrinkParts): (() => void) => {
  let peakBefore = Number.POSITIVE_INFINITY;
  const shrink = async (): Promise<void> => {
    const latest = peak();
    const needed = Math.max(1, latest, peakBefore);
    peakBefore = latest;
    // One after the other: a close uses a connection, too, and would count as a peak.
    for (let surplus = size() - needed; surplus > 0; surplus -= 1) await closeOne();
  };
  const timer = setInterval(() => void shrink(), idleMs / 2).unref();
  return () => clearInterval(timer);
};
