import { AppError } from '@guildhall/errors';
import { repeat, type Logger, type Repeated } from '@guildhall/http';
import type { AuditFilters } from '../core/trail/audit-events.ts';
import { fitsFilters } from '../core/trail/event-filters.ts';
import type { LiveTail } from '../core/trail/follow-events.ts';
import type { LogEntry, LogReader } from '../core/log/log-reader.ts';
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
  /** How long what was read for all who listen is held for them. */
  readonly heldMs: number;
}

const limitsDefault: LiveTailLimits = {
  pollEveryMs: 300,
  listenersMax: 32,
  heartbeatEveryMs: 10_000,
  lifeMs: 300_000,
  stalledAfterMs: 10_000,
  heldMs: 5_000,
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

interface Listener extends Pick<PulledStream, 'stream'> {
  /** There may be something new. */
  wake(): void;
  /** It is over. */
  dismiss(): void;
}

export interface RunningTail extends LiveTail {
  /** Ends what is listened to: the log is another one. Whoever listens connects again, and goes on in that. */
  startAnew(): void;
  /** Ends it for good. */
  end(): Promise<void>;
}

/** One question for all who listen, at most every `pollEveryMs`; each reads at its own speed, so that nothing piles up here. */
export const createLiveTail = (parts: LiveTailParts): RunningTail => {
  const { log, isReady, logger } = parts;
  const limits = { ...limitsDefault, ...parts.limits };
  const listeners = new Set<Listener>();
  const recent = createRecentEntries({ ...parts, ...limits });
  let polling: Repeated | null = null;
  let opening = 0;
  let isEnded = false;

  const poll = async (): Promise<void> => {
    for (let round = 0; round < roundsMax && isReady(); round += 1) {
      const found = await recent.advance();
      if (found === 'shorter') startAnew();
      if (found !== 'more') return;
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
  const rest = (): void => {
    if (listeners.size > 0 || opening > 0) return;
    void polling?.stop();
    polling = null;
  };
  const leave = (listener: Listener): void => {
    listeners.delete(listener);
    rest();
  };
  const startAnew = (): void => {
    const dismissed = [...listeners];
    listeners.clear();
    for (const listener of dismissed) listener.dismiss();
    rest();
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
        const listener = createListener({ ...parts, limits, recent, filters, position, onEnd: leave });
        listeners.add(listener);
        startPolling();
        return listener.stream;
      } finally {
        opening -= 1;
      }
    },
    startAnew,
    async end() {
      isEnded = true;
      const last = polling;
      startAnew();
      await last?.stop();
    },
  };
};

interface ListenerParts extends Pick<LiveTailParts, 'log' | 'monotonicMs'> {
  readonly limits: LiveTailLimits;
  readonly recent: RecentEntries;
  readonly filters: AuditFilters;
  /** The leaf index that comes next. */
  readonly position: number;
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
  const { limits, recent, monotonicMs, onEnd } = parts;
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
      if (isGone || nowMs >= overAtMs) return null;
      // What was read is known to the client too: it goes on from here, however little of it fitted.
      if (nowMs >= heartbeatAtMs) return `: still here\n${idLine(position)}\n`;
      const text = position < recent.size() ? await readOn() : '';
      // What was read may be of the log that came after the one that is listened to.
      if (isGone) return null;
      if (text !== '') return text;
      if (position >= recent.size()) await pause(Math.min(heartbeatAtMs, overAtMs) - nowMs);
    }
  };
  const pulled = createPulledStream({
    next,
    farewell: () => `event: dropped\n${idLine(position)}data: {"reason":"slow","lastEventId":${position - 1}}\n\n`,
    onEnd: () => {
      beGone();
      onEnd(listener);
    },
    stalledAfterMs: limits.stalledAfterMs,
  });
  const beGone = (): void => {
    isGone = true;
    wake?.();
  };
  const listener: Listener = {
    stream: pulled.stream,
    wake: () => wake?.(),
    dismiss: () => {
      beGone();
      pulled.end();
    },
  };
  return listener;
};
