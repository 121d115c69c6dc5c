import type { EventKind } from '@guildhall/contracts';
import { createPostgresBackend, Queue, Worker, withBackend, type Job, type JobsOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { Client, type ClientConfig } from 'pg';
import type { Logger } from 'pino';
import { queueName } from './queue-name.ts';

/** Events that one job holds at most. */
export const jobEventsMax = 100;

/** What BullMQ stores as one job: events of one kind. */
export interface EventBatch {
  readonly messages: readonly unknown[];
}

export type BatchQueue = Pick<Queue<EventBatch>, 'addBulk' | 'getJobCounts' | 'getJobs' | 'waitUntilReady' | 'close'>;
export type BatchWorker = Pick<Worker<EventBatch>, 'pause' | 'resume' | 'isRunning' | 'isPaused' | 'waitUntilReady' | 'close'>;

export interface QueueBackend {
  openQueue(kind: EventKind): BatchQueue;
  openWorker(kind: EventKind, process: (job: Job<EventBatch>, token?: string) => Promise<void>): BatchWorker;
}

/** The PostgreSQL schema that BullMQ keeps its queues in. */
const queueSchema = 'queue';
const connectTimeoutMs = 2_000;
/** A question that is not answered in this time is given up with its connection: the next one makes another. */
const answerTimeoutMs = 3_000;
/** Longer than BullMQ waits for a job in one question (5 s), which Redis answers only when there is one. */
const blockingAnswerTimeoutMs = 8_000;
const publisherConnectionsMax = 2;
const workerConnectionsMax = 3;
/** What these bring is stored together, so that a statement is worth its price. */
const jobsAtOnce = 8;
/** A worker that was killed is noticed, and its jobs are given to another, within about two of these. */
const lockDurationMs = 10_000;
/** A worker that lost its connection looks again after this; BullMQ's own 15 seconds are longer than an outage may be felt. */
const reconnectEveryMs = 1_000;
/** Being killed is not the job's fault: it is given out again as often as that happens. */
const stalledMax = 1_000;

/** A job that keeps failing is set aside after these; the sweep of the outbox then publishes its events anew. */
export const jobOptions: JobsOptions = {
  attempts: 12,
  backoff: { type: 'exponential', delay: 250 },
  removeOnComplete: true,
  removeOnFail: { count: 1_000 },
};

const workerOptions = {
  concurrency: jobsAtOnce,
  lockDuration: lockDurationMs,
  stalledInterval: lockDurationMs,
  maxStalledCount: stalledMax,
  runRetryDelay: reconnectEveryMs,
};

/**
 * The backend that a queue's URL names: `redis://` and `rediss://` BullMQ on Redis or Valkey, `postgres://` and
 * `postgresql://` BullMQ in a schema of that database. Throws an Error for any other scheme. Connections that break are
 * told to `onError`; they never end the process.
 */
export const backendOf = (queueUrl: string, log: Logger): QueueBackend => {
  const scheme = /^([a-z]+):/.exec(queueUrl)?.[1];
  if (scheme === 'redis' || scheme === 'rediss') return redisBackend(queueUrl, log);
  if (scheme === 'postgres' || scheme === 'postgresql') return postgresBackend(queueUrl, log);
  throw new Error(`QUEUE_URL must begin with redis://, rediss:// or postgres://, not ${scheme ?? 'without a scheme'}.`);
};

const quiet = <T extends { on(event: 'error', listener: (error: Error) => void): unknown }>(source: T, log: Logger): T => {
  source.on('error', (error) => log.debug({ err: error }, 'queue connection'));
  return source;
};

/**
 * BullMQ takes connections out of its pool without listening to what befalls them between two statements, and an error that
 * nobody listens to ends the process. The next statement fails of it all the same.
 */
class HeardClient extends Client {
  constructor(config?: string | ClientConfig) {
    super(config);
    this.on('error', () => undefined);
  }
}

const postgresBackend = (connectionString: string, log: Logger): QueueBackend => {
  const classes = withBackend(createPostgresBackend);
  const connection = (max: number) => ({
    connectionString,
    schema: queueSchema,
    migrate: true,
    max,
    connectionTimeoutMillis: connectTimeoutMs,
    query_timeout: answerTimeoutMs,
    keepAlive: true,
    application_name: 'guildhall-queue',
    Client: HeardClient,
  });
  return {
    openQueue: (kind) =>
      quiet(
        new classes.Queue<EventBatch>(queueName(kind, connectionString), { connection: connection(publisherConnectionsMax) }),
        log,
      ),
    openWorker: (kind, process) =>
      quiet(
        new classes.Worker<EventBatch, void>(queueName(kind, connectionString), process, {
          ...workerOptions,
          connection: connection(workerConnectionsMax),
        }),
        log,
      ),
  };
};

const redisBackend = (url: string, log: Logger): QueueBackend => {
  const options = {
    connectTimeout: connectTimeoutMs,
    socketTimeout: blockingAnswerTimeoutMs,
    maxRetriesPerRequest: null,
    retryStrategy: (times: number) => Math.min(times * 50, 1_000),
  };
  /** BullMQ leaves a connection that it was handed to whoever made it. */
  const withOwn = <T extends { close(): Promise<void> }>(open: (connection: Redis) => T): T => {
    const connection = quiet(new Redis(url, options), log);
    const opened = open(connection);
    const close = opened.close.bind(opened);
    return Object.assign(opened, {
      close: async (): Promise<void> => {
        connection.disconnect();
        await close();
      },
    });
  };
  return {
    openQueue: (kind) => withOwn((connection) => quiet(new Queue<EventBatch>(queueName(kind, url), { connection }), log)),
    openWorker: (kind, process) =>
      withOwn((connection) =>
        quiet(new Worker<EventBatch, void>(queueName(kind, url), process, { ...workerOptions, connection }), log),
      ),
  };
};
