import { AuditEventMessage, UserChangedMessage, type EventKind } from '@guildhall/contracts';
import { isAppError, type ErrorCode } from '@guildhall/errors';
import { repeat } from '@guildhall/repeat';
import { DelayedError, UnrecoverableError, type Job } from 'bullmq';
import type { Logger } from 'pino';
import type { Static, TSchema } from 'typebox';
import { Compile } from 'typebox/compile';
import { backendOf, type BatchWorker, type EventBatch } from './backend.ts';
import { withTimeout } from './with-timeout.ts';

/** The message of each kind. */
export interface MessageOf {
  readonly audit: Static<typeof AuditEventMessage>;
  readonly 'user-changed': Static<typeof UserChangedMessage>;
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
  readonly log: Logger;
  /** Stores a dead letter: a message that does not fit the schema of its kind. It is not handled and does not block others. */
  readonly onRejected?: (raw: unknown, reason: string) => void | Promise<void>;
}

const superviseEveryMs = 500;
const connectTimeoutMs = 5_000;
/** The delay before a batch is redelivered whose destination is unavailable. */
const unavailableDelayMs = 1_000;
const closeTimeoutMs = 8_000;

const checks = { audit: Compile(AuditEventMessage as TSchema), 'user-changed': Compile(UserChangedMessage as TSchema) };

/** Checks messages against the schema of their kind. What does not fit is logged and handed to `onRejected`. */
const createMessageCheck =
  <K extends EventKind>({ kind, log, onRejected }: Pick<ConsumerParts<K>, 'kind' | 'log' | 'onRejected'>) =>
  async (raw: unknown): Promise<MessageOf[K] | null> => {
    if (checks[kind].Check(raw)) return raw as MessageOf[K];
    const reason = checks[kind].Errors(raw)[0]?.message ?? 'it does not match the schema';
    log.error({ kind, eventId: idOf(raw), reason }, 'dead letter: the message is not an event of this kind');
    await onRejected?.(raw, reason);
    return null;
  };

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
  const { queueUrl, kind, handle, isReady, log, onRejected } = parts;
  const backend = backendOf(queueUrl, log);
  const accept = createMessageCheck(parts);
  let worker: BatchWorker | null = null;
  let count = 0;

  const take = async (job: Job<EventBatch>, token?: string): Promise<void> => {
    count += job.data.messages.length;
    const messages: MessageOf[K][] = [];
    for (const raw of job.data.messages) {
      const message = await accept(raw);
      if (message !== null) messages.push(message);
    }
    if (messages.length > 0) await delayWhileUnavailable(job, token, () => handle(messages));
    if (onRejected === undefined && messages.length < job.data.messages.length) {
      throw new UnrecoverableError('This batch contains messages that are not events of its kind; it is kept for inspection.');
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

const idOf = (raw: unknown): unknown => (typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined);
