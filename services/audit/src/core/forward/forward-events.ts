import { batchLeavesMax, batchOf, type ForwardBatch } from './batch.ts';
import { readLeaves, type LogRange, type LogReader } from '../log/log-reader.ts';

/** The receiver of every event. */
export interface ForwardConfig {
  readonly url: string;
  readonly secret: Uint8Array;
  /** The name of the cursor: a new name starts at the first event. */
  readonly name: string;
}

/** The right to send, until it runs out, and what is to be sent. */
export interface ForwardLease {
  readonly cursorId: string;
  readonly fencing: number;
  /** The first leaf index that the receiver has not taken. */
  readonly next: number;
  /** The last leaf index of a batch that was begun and may have arrived; null when there is none. */
  readonly sendingTo: number | null;
}

/** The lag of forwarding behind the log. */
export interface ForwardLag {
  readonly events: number;
  /** The age of the oldest event that was not delivered; 0 if there is none. */
  readonly seconds: number;
  /** False while another process holds the lease and sends. */
  readonly isFree: boolean;
}

/** The cursor of the receiver, as it is stored. Every write is conditional on the lease. */
export interface ForwardCursor {
  lag(): Promise<ForwardLag>;
  /** The lease for `leaseSeconds` from now, also when it is held already; null while another process has it. */
  claim(): Promise<ForwardLease | null>;
  /** Remembers which batch is sent, before it is; false when the lease is not true any more. */
  begin(lease: ForwardLease, to: number): Promise<boolean>;
  /** Moves on behind a batch that the receiver has taken; false when the lease is not true any more. */
  advance(lease: ForwardLease, next: number): Promise<boolean>;
  /** Lets the lease go, so that another process need not wait for its end. */
  release(): Promise<void>;
}

export type Delivery = 'taken' | 'gone';

/** The receiver. */
export interface ForwardReceiver {
  /** Throws an Error that says what went wrong unless it took the batch, or said that it wants none any more. `id` is the same for the same range. */
  deliver(id: string, body: string): Promise<Delivery>;
}

export interface ForwarderParts {
  readonly cursor: ForwardCursor;
  readonly log: Pick<LogReader, 'size' | 'read' | 'removed'>;
  readonly receiver: ForwardReceiver;
  readonly onLag: (lag: ForwardLag) => void;
  readonly onTaken: (batch: ForwardBatch) => void;
}

/** `idle`: nothing is left to send, or another process sends. `sent`: there may be more. `gone`: the receiver wants none any more. */
export type ForwardStep = 'idle' | 'sent' | 'gone';

/** Throws what the receiver or the database threw. */
export interface Forwarder {
  /** Reads the cursor without taking the lease. */
  look(): Promise<ForwardLag>;
  /** Sends the next batch of the log. When it throws, the same batch is sent again by the next step. */
  step(): Promise<ForwardStep>;
  /** Lets the lease go. */
  release(): Promise<void>;
}

export const createForwarder = ({ cursor, log, receiver, onLag, onTaken }: ForwarderParts): Forwarder => {
  const look = async (): Promise<ForwardLag> => {
    const lag = await cursor.lag();
    onLag(lag);
    return lag;
  };

  const rangeOf = async ({ next, sendingTo }: ForwardLease): Promise<LogRange> =>
    sendingTo === null
      ? { from: next, to: Math.min(await log.size(), next + batchLeavesMax) }
      : { from: next, to: sendingTo + 1 };

  const send = async (lease: ForwardLease, { range, body }: ForwardBatch): Promise<Delivery | 'lost'> => {
    if (body === null) return 'taken';
    if (!(await cursor.begin(lease, range.to - 1))) return 'lost';
    return receiver.deliver(`${lease.cursorId}_${range.from}_${range.to - 1}`, body);
  };

  const step = async (): Promise<ForwardStep> => {
    const lag = await look();
    if (lag.events === 0 || !lag.isFree) return 'idle';
    const lease = await cursor.claim();
    if (lease === null) return 'idle';
    const range = await rangeOf(lease);
    if (range.to <= range.from) return 'idle';
    const batch = batchOf(await readLeaves(log, range), range, lease.sendingTo !== null);
    const delivery = await send(lease, batch);
    if (delivery !== 'taken') return delivery === 'gone' ? 'gone' : 'idle';
    if (await cursor.advance(lease, batch.range.to)) onTaken(batch);
    return 'sent';
  };
  return { look, step, release: () => cursor.release() };
};
