import { AppError, isAppError } from '@guildhall/errors';
import type { Sha256 } from '@guildhall/tlog';
import type { AuditEvents } from '../trail/audit-events.ts';
import type { NewLeaf, StoredLeaf } from './sequenced-log.ts';
import { eventOfMessage, leafHashOf } from './leaf.ts';
import { createLane } from './lane.ts';
import { createLogWriter, type LogWriterParts } from './write.ts';
import { requireStorableTexts } from './storable-text.ts';

export interface Sequencer extends Pick<AuditEvents, 'record'> {
  /** Sequences the oldest stored events that have no leaf index yet, or sets aside what cannot be an event; returns their number. */
  sequenceStored(): Promise<number>;
  /** The number of events that wait in this process to be stored. */
  waiting(): number;
}

/** The largest number of events in one append, unless one caller brings more. */
export const appendEventsMax = 1_000;
/** The largest number of events that wait in this process. */
const waitingEventsMax = 20_000;

interface Waiting {
  readonly leaves: readonly NewLeaf[];
  readonly resolve: (stored: number) => void;
  readonly reject: (error: unknown) => void;
}

const tooMany = (): AppError =>
  new AppError('SERVICE_UNAVAILABLE', 'Too many audit events wait to be stored.', { retryAfterSeconds: 1 });

const isRefusal = (error: unknown): boolean => isAppError(error) && error.code === 'UNPROCESSABLE';

/** Takes the calls at the front of the queue that fit into one append. */
const takeTogether = (queue: Waiting[]): Waiting[] => {
  let count = 0;
  const end = queue.findIndex(({ leaves }, index) => (count += leaves.length) > appendEventsMax && index > 0);
  return queue.splice(0, end === -1 ? queue.length : end);
};

/** The leaf of a new event. Throws UNPROCESSABLE if the event has no canonical form or a text that cannot be stored. */
const newLeafOf = (sha256: Sha256, event: NewLeaf['event']): NewLeaf => {
  const hash = leafHashOf(sha256, event);
  requireStorableTexts(event);
  return { event, hash };
};

/** The leaf of a stored event; null if the event has no canonical form, and so none of the services wrote it. */
const storedLeafOf = (sha256: Sha256, event: NewLeaf['event']): StoredLeaf | null => {
  try {
    return { id: event.id, hash: leafHashOf(sha256, event) };
  } catch (error) {
    if (isRefusal(error)) return null;
    throw error;
  }
};

/**
 * Appends events to the log, one statement at a time; events that arrive meanwhile share the next one. If an append is
 * refused, the events of each caller are appended separately, so that each gets its own answer.
 */
export const createSequencer = (parts: LogWriterParts): Sequencer => {
  const { log, sha256 } = parts;
  const inLane = createLane();
  const queue: Waiting[] = [];
  const writer = createLogWriter(parts, () => queue.length > 0);

  const store = async (together: readonly Waiting[]): Promise<void> => {
    const stored = await writer.append(together.flatMap(({ leaves }) => leaves));
    for (const { leaves, resolve } of together)
      resolve(leaves.reduce((count, { event }) => count + Number(stored.delete(event.id)), 0));
  };
  const storeEach = async (together: readonly Waiting[]): Promise<void> => {
    for (const one of together) await store([one]).catch(one.reject);
  };
  const flush = async (): Promise<void> => {
    const together = takeTogether(queue);
    if (together.length === 0) return;
    await store(together).catch((error: unknown) => {
      if (isRefusal(error) && together.length > 1) return storeEach(together);
      for (const { reject } of together) reject(error);
      return undefined;
    });
    if (queue.length === 0) await writer.letGo();
  };
  /** Sequences stored events, or sets those aside that cannot be; returns the number of either. */
  const place = async (events: readonly NewLeaf['event'][]): Promise<number> => {
    const leaves = events.map((event) => storedLeafOf(sha256, event)).filter((leaf) => leaf !== null);
    const isPlaced = leaves.length > 0 && (await writer.place(leaves));
    await writer.letGo();
    if (leaves.length === events.length) return isPlaced ? leaves.length : 0;
    const placeable = new Set(leaves.map(({ id }) => id));
    const strange = events.filter(({ id }) => !placeable.has(id)).map(({ id }) => id);
    await log.setUnplacedAside(strange);
    return strange.length + (isPlaced ? leaves.length : 0);
  };
  const waiting = (): number => queue.reduce((count, { leaves }) => count + leaves.length, 0);

  return {
    async record(messages, recordedAt) {
      if (messages.length === 0) return 0;
      if (waiting() + messages.length > waitingEventsMax) throw tooMany();
      // Hashed while the previous statement runs.
      const leaves = messages.map((message) => newLeafOf(sha256, eventOfMessage(message, recordedAt)));
      return new Promise((resolve, reject) => {
        queue.push({ leaves, resolve, reject });
        void inLane(flush);
      });
    },
    sequenceStored: () =>
      inLane(async () => {
        const events = await log.unsequenced(appendEventsMax);
        if (events.length > 0) return place(events);
        await writer.letGo();
        return 0;
      }),
    waiting,
  };
};
