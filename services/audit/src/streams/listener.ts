import { formatEvent, formatHeartbeat } from '@guildhall/http';
import type { AlteredEntry, LogEntry, LogReader } from '../core/log/log-reader.ts';
import type { LoggedEvent } from '../core/log/leaf.ts';
import type { AuditFilters } from '../core/trail/audit-events.ts';
import { fitsFilters } from '../core/trail/event-filters.ts';
import { createPulledStream, type PulledStream } from './pulled-stream.ts';
import type { EntriesAfter, TailBuffer } from './tail-buffer.ts';

/** An open stream of server-sent events. */
export interface Listener extends Pick<PulledStream, 'stream'> {
  /** Makes a waiting stream look for new entries. */
  wake(): void;
  /** Ends the stream. */
  stop(): void;
}

export interface ListenerLimits {
  readonly heartbeatEveryMs: number;
  /** A stream ends after this, so that its client shows again who they are. */
  readonly lifeMs: number;
  readonly stalledAfterMs: number;
}

export interface ListenerParts {
  readonly log: Pick<LogReader, 'read'>;
  readonly monotonicMs: () => number;
  readonly limits: ListenerLimits;
  readonly buffer: TailBuffer;
  readonly filters: AuditFilters;
  /** The leaf index that comes next. */
  readonly position: number;
  readonly onEnd: (listener: Listener) => void;
}

/** Entries in one chunk of a stream. */
const chunkEntriesMax = 100;
/** Leaves that one statement examines for a listener that catches up. */
const caughtUpLeavesMax = 5_000;
/** The pause before a client reconnects, in milliseconds. */
const retryMs = 1_000;

/** The `Last-Event-ID` with which a client goes on at a position. */
const eventIdAt = (position: number): number | undefined => (position === 0 ? undefined : position - 1);
/** An altered event has a name of its own: whoever listens for `audit` never takes it for a real one. */
const eventText = (entry: LogEntry | AlteredEntry): string => {
  const { leafIndex } = entry;
  if ('altered' in entry) return formatEvent({ id: leafIndex, event: 'altered', data: entry });
  return formatEvent({ id: leafIndex, event: 'audit', data: { ...entry.event, leafIndex } });
};
/** The content of its row, by which filters select it. */
const contentOf = (entry: LogEntry | AlteredEntry): LoggedEvent => ('altered' in entry ? entry.altered : entry.event);

/** Reads what follows a position: from the shared buffer, or from the log for a listener that is further behind. */
const createReader = ({ log, buffer, filters }: ListenerParts) => {
  const fits = fitsFilters(filters);
  return async (position: number): Promise<EntriesAfter> => {
    const buffered = buffer.after(position, chunkEntriesMax);
    if (buffered !== null) return { entries: buffered.entries.filter((entry) => fits(contentOf(entry))), next: buffered.next };
    const to = Math.min(position + caughtUpLeavesMax, buffer.size());
    const entries = await log.read(filters, { from: position, to }, chunkEntriesMax);
    const last = entries.length === chunkEntriesMax ? entries.at(-1) : undefined;
    return { entries, next: last === undefined ? to : last.leafIndex + 1 };
  };
};

/** A pause that `wake` cuts short. */
const createPause = () => {
  let wake: (() => void) | undefined;
  return {
    wake: () => wake?.(),
    for: (ms: number): Promise<void> =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
  };
};

/** Makes the chunks of a stream: the events that fit, a heartbeat where there are none, null at the end of its life. */
const createChunks = (parts: ListenerParts, isStopped: () => boolean) => {
  const { limits, buffer, monotonicMs } = parts;
  const read = createReader(parts);
  const pause = createPause();
  const endsAtMs = monotonicMs() + limits.lifeMs;
  let position = parts.position;
  let greeting: string | null = formatEvent({ retry: retryMs, id: eventIdAt(position) });

  const readOn = async (): Promise<string> => {
    const { entries, next } = await read(position);
    position = next;
    return entries.map(eventText).join('');
  };
  const nextText = async (heartbeatAtMs: number): Promise<string | null> => {
    for (;;) {
      const nowMs = monotonicMs();
      if (isStopped() || nowMs >= endsAtMs) return null;
      // The id tells the client how far the stream has read, however few of the events fitted.
      if (nowMs >= heartbeatAtMs) return formatHeartbeat(eventIdAt(position));
      const text = position < buffer.size() ? await readOn() : '';
      // Stopped during the read: these entries may be of the log that replaced this one.
      if (isStopped()) return null;
      if (text !== '') return text;
      if (position >= buffer.size()) await pause.for(Math.min(heartbeatAtMs, endsAtMs) - nowMs);
    }
  };
  return {
    wake: pause.wake,
    lastId: () => position - 1,
    next: async (): Promise<string | null> => {
      const first = greeting;
      greeting = null;
      return first ?? nextText(monotonicMs() + limits.heartbeatEveryMs);
    },
  };
};

/** Opens a stream of server-sent events from a position of the log on. */
export const createListener = (parts: ListenerParts): Listener => {
  let isStopped = false;
  const chunks = createChunks(parts, () => isStopped);
  const stopReading = (): void => {
    isStopped = true;
    chunks.wake();
  };
  const pulled = createPulledStream({
    next: chunks.next,
    finalChunk: () =>
      formatEvent({
        event: 'dropped',
        id: eventIdAt(chunks.lastId() + 1),
        data: { reason: 'slow', lastEventId: chunks.lastId() },
      }),
    onEnd: () => {
      stopReading();
      parts.onEnd(listener);
    },
    monotonicMs: parts.monotonicMs,
    stalledAfterMs: parts.limits.stalledAfterMs,
  });
  const listener: Listener = {
    stream: pulled.stream,
    wake: chunks.wake,
    stop: () => {
      stopReading();
      pulled.abort();
    },
  };
  return listener;
};
