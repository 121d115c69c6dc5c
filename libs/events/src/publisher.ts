import { AppError } from '@guildhall/errors';
import type { EventKind, OutboxMessage } from '@guildhall/contracts';
import type { ServiceIdentity } from '@guildhall/principal';
import type { Logger } from 'pino';
import { backendOf, jobEventsMax, jobOptions, type BatchQueue } from './backend.ts';
import { signBatch } from './signed-batch.ts';
import { publishTraced, withTraces, type Traces } from './traced-batch.ts';
import { withTimeout } from './with-timeout.ts';

export interface Publisher {
  /**
   * Signs the messages and adds them to the queue of their kind, in jobs of at most a hundred, all or none. Rejects with SERVICE_UNAVAILABLE
   * within a few seconds if the queue does not confirm. They may have been added all the same: consumers must be idempotent. `traces` are what
   * messages are a part of, and travel with them.
   */
  publish(kind: EventKind, messages: readonly OutboxMessage[], traces?: Traces): Promise<void>;
  /** The age of the oldest unfinished job of a kind, in seconds; 0 without one. */
  oldestWaitingSeconds(kind: EventKind): Promise<number>;
  /** The number of unfinished jobs of a kind. */
  depth(kind: EventKind): Promise<number>;
  close(): Promise<void>;
}

const answerTimeoutMs = 3_000;
const closeTimeoutMs = 3_000;
const waitingStates = ['active', 'waiting', 'delayed'] as const;

export interface PublisherParts {
  readonly queueUrl: string;
  /** The process that signs what it publishes. */
  readonly identity: ServiceIdentity;
  readonly log: Logger;
}

/** Publishes to the queue that `queueUrl` names. A connection that fails is closed; the next call opens a new one. */
export const createPublisher = ({ queueUrl, identity, log }: PublisherParts): Publisher => {
  const backend = backendOf(queueUrl, log);
  const queues = new Map<EventKind, BatchQueue>();

  const queueOf = (kind: EventKind): BatchQueue => {
    const queue = queues.get(kind) ?? backend.openQueue(kind);
    queues.set(kind, queue);
    return queue;
  };
  const request = async <T>(kind: EventKind, operation: (queue: BatchQueue) => Promise<T>): Promise<T> => {
    const queue = queueOf(kind);
    try {
      return await withTimeout(operation(queue), answerTimeoutMs, 'The queue does not answer.');
    } catch (cause) {
      if (queues.get(kind) === queue) queues.delete(kind);
      closeQuietly(queue, log);
      throw new AppError('SERVICE_UNAVAILABLE', 'The queue does not accept events at the moment.', {
        cause,
        retryAfterSeconds: 1,
      });
    }
  };
  return {
    publish: (kind, messages, traces = {}) =>
      publishTraced(kind, traces, async (carried) => {
        await request(kind, (queue) => addJobs(queue, jobsOf(identity, kind, messages, carried)));
      }),
    oldestWaitingSeconds: (kind) =>
      request(kind, async (queue) => {
        const since = Math.min(...(await endsOf(queue)).map(({ timestamp }) => timestamp));
        return Number.isFinite(since) ? Math.max(0, (Date.now() - since) / 1_000) : 0;
      }),
    depth: (kind) =>
      request(kind, async (queue) => {
        const counts = await queue.getJobCounts('waiting', 'active', 'delayed', 'prioritized');
        return Object.values(counts).reduce((sum, count) => sum + count, 0);
      }),
    async close() {
      const open = [...queues.values()];
      queues.clear();
      await Promise.all(
        open.map((queue) => withTimeout(queue.close(), closeTimeoutMs, 'The queue does not close.').catch(ignored(log))),
      );
    },
  };
};

type Job = Parameters<BatchQueue['addBulk']>[0][number];

/** Adds all of the jobs, or none. A lone one goes by itself: the bulk insert of the PostgreSQL backend makes two temporary tables, which cost ten times as much. */
const addJobs = async (queue: BatchQueue, jobs: readonly Job[]): Promise<void> => {
  const [first, ...others] = jobs;
  if (first !== undefined && others.length === 0) await queue.add(first.name, first.data, first.opts);
  else await queue.addBulk([...jobs]);
};

/** Splits messages into signed jobs of at most a hundred. */
const jobsOf = (identity: ServiceIdentity, kind: EventKind, messages: readonly OutboxMessage[], traces: Traces) =>
  Array.from({ length: Math.ceil(messages.length / jobEventsMax) }, (_, at) => {
    const batch = messages.slice(at * jobEventsMax, (at + 1) * jobEventsMax);
    return { name: kind, data: withTraces(signBatch(identity, kind, batch), batch, traces), opts: jobOptions };
  });

/** The first and the last job of each state in which one is not done: which of the two is older differs between the backends. */
const endsOf = async (queue: BatchQueue): Promise<readonly { readonly timestamp: number }[]> => {
  const counts = await queue.getJobCounts(...waitingStates);
  const waiting = waitingStates.flatMap((state) => {
    const last = (counts[state] ?? 0) - 1;
    return [...new Set([0, last])].filter((at) => at >= 0 && last >= 0).map((at) => queue.getJobs([state], at, at));
  });
  // One that is done meanwhile is no job any more.
  return (await Promise.all(waiting)).flat().filter(Boolean);
};

const closeQuietly = (queue: BatchQueue, log: Logger): void => void queue.close().catch(ignored(log));

const ignored = (log: Logger) => (error: unknown) => log.debug({ err: error }, 'closing a queue that had failed');
