import { AppError } from '@guildhall/errors';
import { repeat, type Logger, type Repeated } from '@guildhall/http';
import type { AuditFilters } from '../core/audit-events.ts';
import { fitsFilters } from '../core/event-filters.ts';
import type { LiveTail } from '../core/follow-audit.ts';
import type { LogEntry, LogReader } from '../core/read-log.ts';
import { createPulledStream, type PulledStream } from './pulled-stream.ts';
import { createRecentEntries, type Following, type RecentEntries } from './recent-entries.ts';

export interface LiveTailParts {
  readonly log: LogReader;
  /** While false the log is not asked: the database is away. */
  readonly isReady: () => boolean;
  readonly monotonicMs: () => number;
  readonly logger: Logger;
  readonly limits?: Partial<LiveTailLimits>;
}

export interface LiveTailLimits {
  /** How often the log is asked for what is new, while somebody listens. */
  readonly pollEveryMs: number;
  readonly listenersMax: number;
  readonly heartbeatEveryMs: number;
  /** Whoever listens is asked again who they are after this: a session that has ended is heard no longer. */
  readonly lifeMs: number;
  readonly stalledAfterMs: number;
}

const limitsDefault: LiveTailLimits = {
  pollEveryMs: 300,
  listenersMax: 32,
  heartbeatEveryMs: 10_000,
  lifeMs: 300_000,
  stalledAfterMs: 10_000,
};
/** Entries that one answer of the database holds, and one piece of a stream. */
const pieceEntriesMax = 100;
/** How often in a row one poll reads on while there is more. */
const roundsMax = 10;
/** Leaves that one statement looks at for a listener who catches up. */
const caughtUpLeavesMax = 5_000;
/** How long a client waits before it connects again, in milliseconds. */
const retryMs = 1_000;

const idLine = (position: number): string => (position === 0 ? '' : `id: ${position - 1}\n`);
const eventText = ({ leafIndex, event }: LogEntry): string =>
  `id: ${leafIndex}\nevent: audit\ndata: ${JSON.stringify({ ...event, leafIndex })}\n\n`;

interface Listener extends PulledStream {
  /** There may be something new, or it is over. */
  wake(): void;
}

/** One question for all who listen, at most every `pollEveryMs`; each reads at its own speed, so that nothing piles up here. */
export const createLiveTail = (parts: LiveTailParts): LiveTail & { end(): Promise<void> } => {
  const { log, isReady, logger } = parts;
  const limits = { ...limitsDefault, ...parts.limits };
  const listeners = new Set<Listener>();
  const recent = createRecentEntries(log);
  let polling: Repeated | null = null;
  let opening = 0;
  let isEnded = false;

  const poll = async (): Promise<void> => {
    for (let round = 0; round < roundsMax && isReady() && (await recent.advance()); round += 1) {
      for (const listener of listeners) listener.wake();
    }
  };
  const startPolling = (): void => {
    polling ??= repeat({
      everyMs: limits.pollEveryMs,
      task: poll,
      onError: (error) => logger.warn({ err: error }, 'the log cannot be followed; those who listen wait'),
    });
  };
  const leave = (listener: Listener): void => {
    listeners.delete(listener);
    if (listeners.size > 0 || opening > 0) return;
    void polling?.stop();
    polling = null;
  };

  return {
    async listen(filters, lastSeen) {
      if (isEnded || listeners.size + opening >= limits.listenersMax)
        throw new AppError('SERVICE_UNAVAILABLE', `${limits.listenersMax} listen already. Try again shortly.`, {
          retryAfterSeconds: 5,
        });
      opening += 1;
      try {
        const size = await log.size();
        if (listeners.size === 0) recent.restart(size);
        const position = lastSeen === null ? size : Math.min(lastSeen + 1, size);
        const listener = createListener({ ...parts, limits, recent, filters, position, isEnded: () => isEnded, onEnd: leave });
        listeners.add(listener);
        startPolling();
        return listener.stream;
      } finally {
        opening -= 1;
      }
    },
    async end() {
      isEnded = true;
      for (const listener of listeners) {
        listener.wake();
        listener.end();
      }
      await polling?.stop();
    },
  };
};

interface ListenerParts extends Pick<LiveTailParts, 'log' | 'monotonicMs'> {
  readonly limits: LiveTailLimits;
  readonly recent: RecentEntries;
  readonly filters: AuditFilters;
  /** The leaf index that comes next. */
  readonly position: number;
  readonly isEnded: () => boolean;
  readonly onEnd: (listener: Listener) => void;
}

/** What is behind the position: out of what was read for all, or read for this one. */
const createReader = ({ log, recent, filters }: ListenerParts) => {
  const fits = fitsFilters(filters);
  return async (position: number): Promise<Following> => {
    const known = recent.following(position, pieceEntriesMax);
    if (known !== null) return { entries: known.entries.filter(({ event }) => fits(event)), next: known.next };
    const to = Math.min(position + caughtUpLeavesMax, recent.size());
    const entries = await log.read(filters, { from: position, to }, pieceEntriesMax);
    const last = entries.length === pieceEntriesMax ? entries.at(-1) : undefined;
    return { entries, next: last === undefined ? to : last.leafIndex + 1 };
  };
};

const createListener = (parts: ListenerParts): Listener => {
  const { limits, recent, monotonicMs, isEnded, onEnd } = parts;
  const read = createReader(parts);
  const overAtMs = monotonicMs() + limits.lifeMs;
  let position = parts.position;
  let greeting: string | null = `retry: ${retryMs}\n${idLine(position)}\n`;
  let isGone = false;
  let wake: (() => void) | null = null;

  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(resolve, ms);
      wake = () => {
        clearTimeout(timer);
        resolve();
      };
    });
  const readOn = async (): Promise<string> => {
    const { entries, next } = await read(position);
    position = next;
    return entries.map(eventText).join('');
  };
  const next = async (): Promise<string | null> => {
    if (greeting !== null) {
      const first = greeting;
      greeting = null;
      return first;
    }
    const heartbeatAtMs = monotonicMs() + limits.heartbeatEveryMs;
    for (;;) {
      const nowMs = monotonicMs();
      if (isGone || isEnded() || nowMs >= overAtMs) return null;
      // What was read is known to the client too: it goes on from here, however little of it fitted.
      if (nowMs >= heartbeatAtMs) return `: still here\n${idLine(position)}\n`;
      const text = position < recent.size() ? await readOn() : '';
      if (text !== '') return text;
      if (position >= recent.size()) await pause(Math.min(heartbeatAtMs, overAtMs) - nowMs);
    }
  };
  const pulled = createPulledStream({
    next,
    farewell: () => `event: dropped\n${idLine(position)}data: {"reason":"slow","lastEventId":${position - 1}}\n\n`,
    onEnd: () => {
      isGone = true;
      wake?.();
      onEnd(listener);
    },
    stalledAfterMs: limits.stalledAfterMs,
  });
  const listener: Listener = { ...pulled, wake: () => wake?.() };
  return listener;
};
