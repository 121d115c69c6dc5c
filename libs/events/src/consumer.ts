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
  /** Deliveries taken since the process started, repeated ones included. */
  received(): number;
  /** Finishes the batch in flight, or gives it back to the queue after a few seconds. */
  close(): Promise<void>;
}

export interface ConsumerParts<K extends EventKind> {
  readonly queueUrl: string;
  readonly kind: K;
  /** Takes one batch. It may come again, whole or in part: taking is idempotent. A rejection gives it back to the queue. */
  readonly handle: (messages: MessageOf[K][]) => Promise<void>;
  /** While false no batch is taken: without its database a consumer would only use up attempts. */
  readonly isReady: () => boolean;
  readonly log: Logger;
  /** Told of what is not a message of this kind; it is never delivered and never blocks what is. */
  readonly onRejected?: (raw: unknown, reason: string) => void | Promise<void>;
}

const superviseEveryMs = 500;
const connectTimeoutMs = 5_000;
/** A batch whose destination is away is given out again after this. */
const awayDelayMs = 1_000;
const closeTimeoutMs = 8_000;

const checks = { audit: Compile(AuditEventMessage as TSchema), 'user-changed': Compile(UserChangedMessage as TSchema) };

/** Takes the events of one kind from the queue. Connects, and connects again, by itself. */
export const createConsumer = <K extends EventKind>(parts: ConsumerParts<K>): Consumer => {
  const { queueUrl, kind, handle, isReady, log, onRejected } = parts;
  const backend = backendOf(queueUrl, log);
  let worker: BatchWorker | null = null;
  let count = 0;

  const accept = async (raw: unknown): Promise<MessageOf[K] | null> => {
    if (checks[kind].Check(raw)) return raw as MessageOf[K];
    const reason = checks[kind].Errors(raw)[0]?.message ?? 'it does not fit the schema';
    log.error({ kind, eventId: idOf(raw), reason }, 'this is not an event of this kind: it is set aside');
    await onRejected?.(raw, reason);
    return null;
  };
  const take = async (job: Job<EventBatch>, token?: string): Promise<void> => {
    count += job.data.messages.length;
    const messages: MessageOf[K][] = [];
    for (const raw of job.data.messages) {
      const message = await accept(raw);
      if (message !== null) messages.push(message);
    }
    if (messages.length > 0) await handOver(job, token, messages);
    if (onRejected === undefined && messages.length < job.data.messages.length) {
      throw new UnrecoverableError('This batch holds what is no event of its kind; it is kept to be looked at.');
    }
  };
  /** An outage is not the batch's fault: it uses up no attempt. */
  const handOver = async (job: Job<EventBatch>, token: string | undefined, messages: MessageOf[K][]): Promise<void> => {
    try {
      await handle(messages);
    } catch (error) {
      if (!isAppError(error) || !away.has(error.code)) throw error;
      await job.moveToDelayed(Date.now() + awayDelayMs, token);
      throw new DelayedError();
    }
  };
  const connect = async (): Promise<BatchWorker> => {
    const opened = backend.openWorker(kind, take);
    try {
      await withTimeout(opened.waitUntilReady(), connectTimeoutMs, 'The queue cannot be reached.');
      return opened;
    } catch (error) {
      void opened.close(true).catch((cause: unknown) => log.debug({ err: cause }, 'closing a worker that had failed'));
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
    onError: (error) => log.warn({ err: error, kind }, 'the queue cannot be reached; trying on'),
    onRecovered: () => log.info({ kind }, 'taking events from the queue'),
  });
  return {
    received: () => count,
    async close() {
      await supervision.stop();
      if (worker === null) return;
      const closing = worker.close();
      await withTimeout(closing, closeTimeoutMs, 'The batch in flight does not finish.').catch((error: unknown) =>
        log.warn({ err: error, kind }, 'a batch was given back to the queue'),
      );
    },
  };
};

/** The destination cannot be used right now, whatever the batch holds. */
const away: ReadonlySet<ErrorCode> = new Set(['NOT_CONFIGURED', 'SHARED_DB_UNAVAILABLE', 'SERVICE_UNAVAILABLE']);

const idOf = (raw: unknown): unknown => (typeof raw === 'object' && raw !== null && 'id' in raw ? raw.id : undefined);
