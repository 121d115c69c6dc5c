import { AppError } from '@guildhall/errors';
import type { Logger } from '@guildhall/http';
import { repeat, type Repeated } from '@guildhall/repeat';
import { createSlots } from '@guildhall/resources';
import { orFault, type Faults } from '../core/faults.ts';
import type { LogReader } from '../core/log/log-reader.ts';
import type { LiveTail } from '../core/trail/follow-events.ts';
import { createListener, type Listener, type ListenerLimits } from './listener.ts';
import { createTailBuffer, type TailBuffer } from './tail-buffer.ts';

export interface LiveTailParts {
  readonly log: LogReader;
  /** The log is not polled while this is false: the database is away. */
  readonly isReady: () => boolean;
  readonly faults: Pick<Faults, 'raise' | 'clear'>;
  readonly monotonicMs: () => number;
  readonly logger: Logger;
  readonly limits?: Partial<LiveTailLimits>;
}

export interface LiveTailLimits extends ListenerLimits {
  /** The polling interval while somebody listens, in milliseconds. */
  readonly pollEveryMs: number;
  readonly listenersMax: number;
  readonly listenersPerUserMax: number;
  /** The number of listeners reserved for readers of the whole trail. */
  readonly reservedListeners: number;
  /** The lifetime of an entry in the shared buffer, in milliseconds. */
  readonly bufferedMs: number;
}

const limitsDefault: LiveTailLimits = {
  pollEveryMs: 300,
  listenersMax: 32,
  listenersPerUserMax: 2,
  reservedListeners: 8,
  heartbeatEveryMs: 10_000,
  lifeMs: 300_000,
  stalledAfterMs: 10_000,
  bufferedMs: 5_000,
};
/** The largest number of reads in one poll, while there is more to read. */
const roundsMax = 10;
const retryAfterSeconds = 5;

export interface RunningTail extends LiveTail {
  /** Ends every stream, because the database has changed. Clients reconnect and continue in the new log. */
  restart(): void;
  /** Ends every stream and takes no more. */
  close(): Promise<void>;
}

const slotsFor = ({ listenersMax, listenersPerUserMax, reservedListeners }: LiveTailLimits) =>
  createSlots({
    slotsMax: listenersMax,
    slotsPerHolderMax: listenersPerUserMax,
    reservedSlots: reservedListeners,
    allTaken: (slots) => `${slots} listen already. Try again shortly.`,
    shareTaken: (slots) => `You have ${slots} streams open, as many as one user may. Close one of them.`,
    retryAfterSeconds,
  });

interface PollerParts extends LiveTailParts {
  readonly limits: LiveTailLimits;
  readonly buffer: TailBuffer;
  readonly onMore: () => void;
  readonly onShorter: () => void;
}

/** Polls the log into the buffer while it is started. */
const createPoller = ({ isReady, faults, logger, limits, buffer, onMore, onShorter }: PollerParts) => {
  let running: Repeated | null = null;
  const poll = async (): Promise<void> => {
    for (let round = 0; round < roundsMax && isReady(); round += 1) {
      const found = await buffer.readOn();
      if (found === 'shorter') onShorter();
      if (found !== 'more') return;
      onMore();
    }
  };
  return {
    start: (): void => {
      running ??= repeat({
        everyMs: limits.pollEveryMs,
        task: () => orFault(faults, 'following', poll),
        onError: (error) => logger.warn({ err: error }, 'the audit log cannot be polled; open streams wait'),
      });
    },
    stop: async (): Promise<void> => {
      const last = running;
      running = null;
      await last?.stop();
      if (last !== null) faults.clear('following');
    },
  };
};

/**
 * The live tail: one poller reads the log into a bounded buffer for all listeners, at most every `pollEveryMs`. Each stream
 * is read at its client's own speed, so that nothing piles up here.
 */
export const createLiveTail = (parts: LiveTailParts): RunningTail => {
  const limits = { ...limitsDefault, ...parts.limits };
  const slots = slotsFor(limits);
  const listeners = new Set<Listener>();
  const buffer = createTailBuffer({ ...parts, ...limits });
  let opening = 0;
  let isClosed = false;

  const restart = (): void => {
    const stopped = [...listeners];
    listeners.clear();
    for (const listener of stopped) listener.stop();
    stopIfIdle();
  };
  const onMore = (): void => {
    for (const listener of listeners) listener.wake();
  };
  const poller = createPoller({ ...parts, limits, buffer, onMore, onShorter: restart });
  const stopIfIdle = (): void => {
    if (listeners.size === 0 && opening === 0) void poller.stop();
  };
  const open: LiveTail['listen'] = async (reader, filters, lastSeen) => {
    const release = slots.take(reader);
    try {
      const size = await parts.log.size();
      if (listeners.size === 0) buffer.reset(size);
      const position = lastSeen === null ? size : Math.min(lastSeen + 1, size);
      const onEnd = (listener: Listener): void => {
        release();
        listeners.delete(listener);
        stopIfIdle();
      };
      const listener = createListener({ ...parts, limits, buffer, filters, position, onEnd });
      listeners.add(listener);
      poller.start();
      return listener.stream;
    } catch (error) {
      release();
      throw error;
    }
  };
  return {
    async listen(...given) {
      if (isClosed) throw new AppError('SERVICE_UNAVAILABLE', 'The service is closing.', { retryAfterSeconds });
      opening += 1;
      try {
        return await open(...given);
      } finally {
        opening -= 1;
      }
    },
    restart,
    async close() {
      isClosed = true;
      restart();
      await poller.stop();
    },
  };
};
