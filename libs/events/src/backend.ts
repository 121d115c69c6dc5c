import type { EventKind } from '@guildhall/contracts';
import { createPostgresBackend, Queue, Worker, withBackend, type Job, type JobsOptions } from 'bullmq';
import { Redis } from 'ioredis';
import { Client, type ClientConfig } from 'pg';
import type { Logger } from 'pino';
import { queueName } from './queue-name.ts';
import type { SignedBatch } from './signed-batch.ts';

/** The largest number of events in one job. */
export const jobEventsMax = 100;

export type BatchQueue = Pick<Queue<SignedBatch>, 'add' | 'addBulk' | 'getJobCounts' | 'getJobs' | 'waitUntilReady' | 'close'>;
export type BatchWorker = Pick<Worker<SignedBatch>, 'pause' | 'resume' | 'isRunning' | 'isPaused' | 'waitUntilReady' | 'close'>;

export interface QueueBackend {
  openQueue(kind: EventKind): BatchQueue;
  openWorker(kind: EventKind, process: (job: Job<SignedBatch>, token?: string) => Promise<void>): BatchWorker;
}

/** The PostgreSQL schema that BullMQ keeps its queues in. */
const queueSchema = 'queue';
const connectTimeoutMs = 2_000;
/** The time limit of one command. The connection is closed when it is exceeded; the next command opens another. */
const answerTimeoutMs = 3_000;
/** Longer than BullMQ's blocking wait for a job (5 s), which Redis answers only when there is one. */
const blockingAnswerTimeoutMs = 8_000;
/** The most connections of one publisher to a queue in PostgreSQL. */
export const publisherConnectionsMax = 2;
/** A worker's connections beside the one on which it listens. */
const workerConnectionsMax = 3;
/** The most connections of one consumer to a queue in PostgreSQL. */
export const consumerConnectionsMax = workerConnectionsMax + 1;
/**
 * BullMQ's statements rely on READ COMMITTED: under another default of the database, a job that a worker has finished is handed
 * out again when the statement that says so meets a serialization failure. Nor do they wait until they are on disk: what a crash of the server loses of
 * the queue is published or handed out again, as the outbox holds each event until its destination has stored it. Options in the address go before this.
 */
const sessionOptions = String.raw`-c default_transaction_isolation=read\ committed -c synchronous_commit=off`;
/** The number of jobs that are handled at once. */
const jobsAtOnce = 8;
/** The number of jobs of audit events: while those of some jobs are stored, in one statement, those of others are verified and hashed. */
const auditJobsAtOnce = 20;
/** The lock on a job. Jobs of a killed worker are redelivered within about twice this time. */
const lockDurationMs = 10_000;
/** The delay before a disconnected worker retries. BullMQ's default of 15 seconds would prolong an outage. */
const reconnectEveryMs = 1_000;
/**
 * The time after which a worker that heard of no job asks for one, in seconds. PostgreSQL tells it of each (LISTEN), and a connection that is lost
 * is noticed. On Redis it stays BullMQ's five seconds, within which a command must be answered.
 */
const drainDelaySeconds = 30;
/** The number of times that a job may stall: a killed worker is not the job's fault. */
const stalledMax = 1_000;

/** The retries of a job. After them it is kept as failed, and the sweep of the outbox publishes its events again. */
export const jobOptions: JobsOptions = {
  attempts: 12,
  backoff: { type: 'exponential', delay: 250 },
  removeOnComplete: true,
  removeOnFail: { count: 1_000 },
};

const workerOptionsOf = (kind: EventKind) => ({
  concurrency: kind === 'audit' ? auditJobsAtOnce : jobsAtOnce,
  lockDuration: lockDurationMs,
  stalledInterval: lockDurationMs,
  maxStalledCount: stalledMax,
  runRetryDelay: reconnectEveryMs,
});

/**
 * Returns the backend for the scheme of a queue's URL: BullMQ on Redis or Valkey for `redis://` and `rediss://`, BullMQ in a
 * schema of that database for `postgres://` and `postgresql://`. Throws an Error for any other scheme. Connection errors are
 * logged at debug level; they never end the process.
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
 * A client with an error listener. BullMQ does not listen to its connections between two statements, and an error event
 * without a listener would end the process. The next statement on that connection fails in any case.
 */
class ListenedClient extends Client {
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
    options: sessionOptions,
    application_name: 'guildhall-queue',
    Client: ListenedClient,
  });
  return {
    openQueue: (kind) =>
      quiet(
        new classes.Queue<SignedBatch>(queueName(kind, connectionString), { connection: connection(publisherConnectionsMax) }),
        log,
      ),
    openWorker: (kind, process) =>
      quiet(
        new classes.Worker<SignedBatch, void>(queueName(kind, connectionString), process, {
          ...workerOptionsOf(kind),
          drainDelay: drainDelaySeconds,
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
  /** Closes the connection together with the queue or worker: BullMQ does not close connections that it was given. */
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
    openQueue: (kind) => withOwn((connection) => quiet(new Queue<SignedBatch>(queueName(kind, url), { connection }), log)),
    openWorker: (kind, process) =>
      withOwn((connection) =>
        quiet(new Worker<SignedBatch, void>(queueName(kind, url), process, { ...workerOptionsOf(kind), connection }), log),
      ),
  };
};
