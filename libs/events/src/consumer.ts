import {
  AuditEventMessage,
  InviteMailMessage,
  InviteMailSettledMessage,
  UserChangedMessage,
  type CallerName,
  type EventKind,
  type OutboxMessage,
} from '@guildhall/contracts';
import { isAppError, type ErrorCode } from '@guildhall/errors';
import { repeat } from '@guildhall/repeat';
import type { ServiceIdentity } from '@guildhall/principal';
import { DelayedError, UnrecoverableError, type Job } from 'bullmq';
import type { Logger } from 'pino';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { backendOf, type BatchWorker } from './backend.ts';
import { verifyBatch, type SignedBatch } from './signed-batch.ts';
import { consumeTraced } from './traced-batch.ts';
import { withTimeout } from './with-timeout.ts';

/** The message of each kind. */
export interface MessageOf {
  readonly audit: Static<typeof AuditEventMessage>;
  readonly 'user-changed': Static<typeof UserChangedMessage>;
  readonly 'invite-mail': Static<typeof InviteMailMessage>;
  readonly 'invite-mail-settled': Static<typeof InviteMailSettledMessage>;
}

export interface Consumer {
  /** The number of messages delivered since the process started, redeliveries included. */
  received(): number;
  /** Finishes the batch in flight, or returns it to the queue after eight seconds. */
  close(): Promise<void>;
}

export interface ConsumerParts<K extends EventKind> {
  readonly queueUrl: string;
  readonly kind: K;
  /** Handles one batch. Delivery is at-least-once, so it must be idempotent. A rejection returns the batch to the queue. */
  readonly handle: (messages: MessageOf[K][]) => Promise<void>;
  /** The consumer pauses while this is false: without its database it would only use up attempts. */
  readonly isReady: () => boolean;
  /** The public keys of the services that may write events. */
  readonly publicKeys: ServiceIdentity['publicKeys'];
  readonly log: Logger;
  /** Stores a dead letter: a message that does not fit the schema of its kind. It is not handled and does not block others. */
  readonly onRejected?: (raw: unknown, reason: string) => void | Promise<void>;
  /**
   * Stores as a dead letter what no writer of this kind has signed, or what a service wrote in the name of another. The value
   * is never a valid event and has no id, so that it stands for no true event and cannot be retried.
   */
  readonly onUnverified?: (raw: UnverifiedLetter, reason: string) => void | Promise<void>;
}

/** Data of the queue that cannot be trusted, as JSON, cut at `unverifiedCharactersMax`. */
export interface UnverifiedLetter {
  readonly unverified: string;
}

/** The longest text that is kept of what anyone may have written, in UTF-16 code units. */
const unverifiedCharactersMax = 16_384;

const unverifiedLetter = (data: unknown): UnverifiedLetter => ({
  unverified: (JSON.stringify(data) ?? '').slice(0, unverifiedCharactersMax),
});

const superviseEveryMs = 500;
const connectTimeoutMs = 5_000;
/** The delay before a batch is redelivered whose destination is unavailable. */
const unavailableDelayMs = 1_000;
const closeTimeoutMs = 8_000;

const checks = {
  audit: Compile(AuditEventMessage as TSchema),
  'user-changed': Compile(UserChangedMessage as TSchema),
  'invite-mail': Compile(InviteMailMessage as TSchema),
  'invite-mail-settled': Compile(InviteMailSettledMessage as TSchema),
};

type Sorting<K extends EventKind> = Pick<ConsumerParts<K>, 'kind' | 'log' | 'publicKeys' | 'onRejected' | 'onUnverified'>;

/** Returns the messages of a job that are events of this kind and were signed by their writer. What is not is logged and set aside. */
const createSorter =
  <K extends EventKind>({ kind, log, publicKeys, onRejected, onUnverified }: Sorting<K>) =>
  async (data: unknown): Promise<{ readonly messages: MessageOf[K][]; readonly count: number }> => {
    const setAside = async (raw: unknown, reason: string): Promise<void> => {
      log.error({ kind, reason }, 'dead letter: a message of the queue was not written by whom it names');
      await onUnverified?.(unverifiedLetter(raw), `The message cannot be trusted: ${reason}.`);
    };
    const batch = verifyBatch(publicKeys, kind, data);
    if ('fault' in batch) {
      await setAside(data, batch.fault);
      return { messages: [], count: 1 };
    }
    const messages: MessageOf[K][] = [];
    for (const raw of batch.messages) {
      const reason = faultOf(kind, raw);
      if (reason !== null) {
        log.error({ kind, eventId: idOf(raw), reason }, 'dead letter: the message is not an event of this kind');
        await onRejected?.(raw, reason);
      } else if (namesAnother(raw as OutboxMessage, batch.writer)) {
        await setAside(raw, `${batch.writer} has written it in the name of another service`);
      } else messages.push(raw as MessageOf[K]);
    }
    return { messages, count: batch.messages.length };
  };

/** The reason why a message does not fit the schema of its kind; null if it does. */
const faultOf = (kind: EventKind, raw: unknown): string | null =>
  checks[kind].Check(raw) ? null : (checks[kind].Errors(raw)[0]?.message ?? 'it does not match the schema');

/** True if an event names a service that has not signed it. */
const namesAnother = ({ payload }: OutboxMessage, writer: CallerName): boolean =>
  'service' in payload && payload.service !== writer;

/** Runs `handle`. If its destination is unavailable, the job is delayed without using up an attempt. */
const delayWhileUnavailable = async (job: Job, token: string | undefined, handle: () => Promise<void>): Promise<void> => {
  try {
    await handle();
  } catch (error) {
    if (!isAppError(error) || !unavailableCodes.has(error.code)) throw error;
    await job.moveToDelayed(Date.now() + unavailableDelayMs, token);
    throw new DelayedError();
  }
};

/** Consumes the events of one kind from the queue, at least once each. Connects and reconnects by itself. */
export const createConsumer = <K extends EventKind>(parts: ConsumerParts<K>): Consumer => {
  const { queueUrl, kind, handle, isReady, log, onRejected, onUnverified } = parts;
  const backend = backendOf(queueUrl, log);
  const sort = createSorter(parts);
  let worker: BatchWorker | null = null;
  let count = 0;

  const take = async (job: Job<SignedBatch>, token?: string): Promise<void> => {
    const sorted = await sort(job.data);
    count += sorted.count;
    const { messages } = sorted;
    if (messages.length > 0)
      await delayWhileUnavailable(job, token, () => consumeTraced(kind, messages, job.data.traces, () => handle(messages)));
    if ((onRejected === undefined || onUnverified === undefined) && messages.length < sorted.count) {
      throw new UnrecoverableError('This batch contains messages that cannot be taken; it is kept for inspection.');
    }
  };
  const connect = async (): Promise<BatchWorker> => {
    const opened = backend.openWorker(kind, take);
    try {
      await withTimeout(opened.waitUntilReady(), connectTimeoutMs, 'The queue cannot be reached.');
      return opened;
    } catch (error) {
      void opened.close(true).catch((cause: unknown) => log.debug({ err: cause }, 'a failed worker could not be closed'));
      throw error;
    }
  };
  const supervise = async (): Promise<void> => {
    if (!isReady()) return worker === null || worker.isPaused() ? undefined : worker.pause(true);
    worker ??= await connect();
    if (worker.isPaused()) await worker.resume();
  };
  const supervision = repeat({
    everyMs: superviseEveryMs,
    task: supervise,
    onError: (error) => log.warn({ err: error, kind }, 'the queue cannot be reached; trying again'),
    onRecovered: () => log.info({ kind }, 'consuming events from the queue'),
  });
  return {
    received: () => count,
    async close() {
      await supervision.stop();
      if (worker === null) return;
      const closing = worker.close();
      await withTimeout(closing, closeTimeoutMs, 'The batch in flight does not finish.').catch((error: unknown) =>
        log.warn({ err: error, kind }, 'a batch was returned to the queue'),
      );
    },
  };
};

/** The codes of an unavailable destination, which are not the batch's fault. */
const unavailableCodes: ReadonlySet<ErrorCode> = new Set(['NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE', 'SERVICE_UNAVAILABLE']);

const plainUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** The id of a message that may be no event, under which its dead letter is stored; null if it has none. */
export const deadLetterId = (raw: unknown): string | null => {
  const id = idOf(raw);
  return typeof id === 'string' && plainUuid.test(id) ? id : null;
};

const idOf = (raw: unknown): unknown => (typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined);
