import { AppError } from '@guildhall/errors';
import { formatEvent, formatHeartbeat, type Logger } from '@guildhall/http';
import { repeat, type Repeated } from '@guildhall/repeat';
import { createSlots } from '@guildhall/resources';
import { toldOf, type ChangeStore, type HeardChange } from '../core/changes.ts';

export interface ChangeStreamLimits {
  /** The polling interval while somebody listens, in milliseconds. */
  readonly pollEveryMs: number;
  readonly heartbeatEveryMs: number;
  /** The life of one stream: clients connect again, to another replica perhaps. */
  readonly lifeMs: number;
  readonly listenersMax: number;
  readonly listenersPerUserMax: number;
}

export interface ChangeStreamParts {
  readonly changes: ChangeStore;
  /** The database's clock. */
  readonly now: () => Date;
  /** The changes are not read while this is false: the database is away. */
  readonly isReady: () => boolean;
  readonly log: Logger;
  readonly limits?: Partial<ChangeStreamLimits>;
}

export interface ChangeStreams {
  /**
   * Opens a stream of the changes that a user hears of, from the moment that `lastEventId` names, or from now on. Throws RATE_LIMITED, SERVICE_UNAVAILABLE, and
   * what the store throws.
   */
  follow(userId: string, lastEventId: string | undefined): Promise<ReadableStream<string>>;
  /** Ends every stream and takes no more. */
  close(): Promise<void>;
}

const limitsDefault: ChangeStreamLimits = {
  pollEveryMs: 1_000,
  heartbeatEveryMs: 10_000,
  lifeMs: 300_000,
  listenersMax: 1_000,
  listenersPerUserMax: 6,
};
/** How far each poll looks back beyond the last one: a transaction may commit later than its changes say. */
const overlapMs = 15_000;
/** How far back a stream goes on from an event that was seen. */
const resumedMs = 300_000;
/** The most changes that one poll reads, for all listeners together. */
const changesMax = 2_000;
const unreadCharactersMax = 64 * 1024;
const retryAfterSeconds = 5;
/** How long a client waits before it connects again, in milliseconds. */
const retryMs = 1_000;

/** A stream, and what was told on it. */
interface Listener {
  readonly userId: string;
  isOpen(): boolean;
  /** Tells of those changes of which it has not told. More than the stream has room for become a `reset`: nobody reads while they are told. */
  tell(changes: readonly HeardChange[]): void;
  reset(): void;
  /** Forgets what was told before a time: no poll reads it again. */
  forgetBefore(ms: number): void;
  end(): void;
}

interface ListenerParts {
  readonly userId: string;
  readonly limits: ChangeStreamLimits;
  readonly onEnd: (listener: Listener) => void;
}

const msOf = ({ occurredAt }: Pick<HeardChange, 'occurredAt'>): number => Date.parse(occurredAt);

const textOf = (change: HeardChange): string => formatEvent({ id: msOf(change), event: 'changed', data: toldOf(change) });

/** Opens the stream of a listener, which ends by itself after its life, or when its client reads nothing. */
const openListener = ({ userId, limits, onEnd }: ListenerParts) => {
  const told = new Map<string, number>();
  const timers: NodeJS.Timeout[] = [];
  let controller: ReadableStreamDefaultController<string> | null = null;
  /** Lets go of what the stream takes. Returns the controller of a stream that was open. */
  const release = (): ReadableStreamDefaultController<string> | null => {
    const open = controller;
    controller = null;
    for (const timer of timers.splice(0)) clearTimeout(timer);
    if (open !== null) onEnd(listener);
    return open;
  };
  const send = (text: string): void => {
    controller?.enqueue(text);
    if ((controller?.desiredSize ?? 0) < 0) release()?.error(new Error('A listener does not read.'));
  };
  const start = (opened: ReadableStreamDefaultController<string>): void => {
    controller = opened;
    timers.push(
      setInterval(() => send(formatHeartbeat()), limits.heartbeatEveryMs),
      setTimeout(() => release()?.close(), limits.lifeMs),
    );
  };
  const listener: Listener = {
    userId,
    isOpen: () => controller !== null,
    tell(changes) {
      const untold = changes.filter(({ eventId }) => !told.has(eventId));
      for (const change of untold) told.set(change.eventId, msOf(change));
      const text = untold.map(textOf).join('');
      if (text.length > (controller?.desiredSize ?? 0)) return listener.reset();
      if (text !== '') send(text);
    },
    reset: () => send(formatEvent({ event: 'reset', data: {} })),
    forgetBefore(ms) {
      for (const [id, at] of told) if (at < ms) told.delete(id);
    },
    end: () => release()?.close(),
  };
  const stream = new ReadableStream<string>(
    { start, cancel: () => void release() },
    { highWaterMark: unreadCharactersMax, size: (text) => text.length },
  );
  // The client sees at once that the stream is open.
  send(formatEvent({ retry: retryMs }));
  return { listener, stream };
};

/** The moment that a stream goes on from; null for one that is too long ago, or that no stream gave out. */
const resumedFrom = (lastEventId: string | undefined, nowMs: number): number | null => {
  if (lastEventId === undefined) return nowMs;
  const ms = /^\d{1,15}$/.test(lastEventId) ? Number(lastEventId) : 0;
  return ms > nowMs - resumedMs ? Math.min(ms, nowMs) : null;
};

interface PollerParts extends Omit<ChangeStreamParts, 'limits'> {
  readonly everyMs: number;
  readonly listeners: ReadonlySet<Listener>;
}

/** Reads what changed for all listeners while there are some. */
const createPoller = ({ changes, now, isReady, log, everyMs, listeners }: PollerParts) => {
  let polling: Repeated | null = null;
  let readTo = 0;
  const tellAll = (heard: readonly HeardChange[]): void => {
    const byUser = Map.groupBy(heard, ({ listenerId }) => listenerId);
    for (const listener of listeners) listener.tell(byUser.get(listener.userId) ?? []);
    if (heard.length === changesMax) for (const listener of listeners) listener.reset();
  };
  const poll = async (): Promise<void> => {
    if (listeners.size === 0 || !isReady()) return;
    const nowMs = now().getTime();
    const from = readTo - overlapMs;
    const users = [...new Set([...listeners].map(({ userId }) => userId))];
    tellAll(await changes.since(users, new Date(from).toISOString(), changesMax));
    readTo = nowMs;
    for (const listener of listeners) listener.forgetBefore(from);
  };
  return {
    /** Goes on from a moment, unless it runs. */
    start(fromMs: number): void {
      if (polling !== null) return;
      readTo = fromMs;
      polling = repeat({
        everyMs,
        task: poll,
        onError: (error) => log.warn({ err: error }, 'what changed cannot be read; open streams wait'),
      });
    },
    async stop(): Promise<void> {
      const last = polling;
      polling = null;
      await last?.stop();
    },
  };
};

/**
 * Streams of what changed: one statement a second reads it for all who listen, by the rights that they have then. An event may come twice, and none is
 * left out without a `reset`.
 */
export const createChangeStreams = (parts: ChangeStreamParts): ChangeStreams => {
  const { changes, now } = parts;
  const limits = { ...limitsDefault, ...parts.limits };
  const slots = slotsFor(limits);
  const listeners = new Set<Listener>();
  const poller = createPoller({ ...parts, everyMs: limits.pollEveryMs, listeners });
  let isClosed = false;

  const catchUp = async (listener: Listener, from: number | null): Promise<void> => {
    if (from === null) return listener.reset();
    const heard = await changes.since([listener.userId], new Date(from - overlapMs).toISOString(), changesMax);
    listener.tell(heard);
    if (heard.length === changesMax) listener.reset();
  };
  return {
    async follow(userId, lastEventId) {
      if (isClosed) throw new AppError('SERVICE_UNAVAILABLE', 'The service is closing.', { retryAfterSeconds });
      const release = slots.take({ id: userId });
      const nowMs = now().getTime();
      const onEnd = (ended: Listener): void => {
        release();
        listeners.delete(ended);
        if (listeners.size === 0) void poller.stop();
      };
      const { listener, stream } = openListener({ userId, limits, onEnd });
      try {
        await catchUp(listener, resumedFrom(lastEventId, nowMs));
      } catch (error) {
        listener.end();
        throw error;
      }
      if (listener.isOpen()) {
        listeners.add(listener);
        poller.start(nowMs);
      }
      return stream;
    },
    async close() {
      isClosed = true;
      for (const listener of listeners) listener.end();
      await poller.stop();
    },
  };
};

const slotsFor = ({ listenersMax, listenersPerUserMax }: ChangeStreamLimits) =>
  createSlots({
    slotsMax: listenersMax,
    slotsPerHolderMax: listenersPerUserMax,
    allTaken: (count) => `${count} listen already. Try again shortly.`,
    shareTaken: (count) => `You have ${count} streams open, as many as one user may. Close one of them.`,
    retryAfterSeconds,
  });
