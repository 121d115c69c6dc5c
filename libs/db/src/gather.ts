import { channel } from 'node:diagnostics_channel';
import { isAppError } from '@guildhall/errors';
import { afterReading } from '@guildhall/repeat';
import { currentTraceparent, traced, untraced } from '@guildhall/tracing';
import { overloaded } from './database-errors.ts';

/** A row of an answer to many asks. `place` counts the asks from 1. */
export type Placed<Row> = Row & { readonly place: number };

export interface GatherParts<Ask, Row> {
  /** Reads the row that is asked for by its plain statement; null if there is none. */
  readonly one: (ask: Ask) => Promise<Row | null>;
  /** Reads the rows of many asks by one statement: for each ask the row that `one` would read. No two of the asks are equal. */
  readonly many: (asks: readonly Ask[]) => Promise<readonly Placed<Row>[]>;
  /** A text that is the same for equal asks, and for no others. */
  readonly keyOf: (ask: Ask) => string;
}

export interface GatherLimits {
  /** The largest number of asks in one statement. Default: 64. */
  readonly batchMax?: number;
  /** The largest number of statements in flight. Default: 2. */
  readonly inFlightMax?: number;
  /** The largest number of asks that wait. Default: 1,000. */
  readonly queuedMax?: number;
  /** The longest time that an ask waits before its statement is sent. Default: 3,000 ms. */
  readonly waitMsMax?: number;
}

interface Queued<Ask, Row> {
  readonly ask: Ask;
  readonly queuedAtMs: number;
  readonly answer: PromiseWithResolvers<Row | null>;
  /** The trace that the ask is a part of; null without one. */
  readonly traceparent: string | null;
}

const defaults = { batchMax: 64, inFlightMax: 2, queuedMax: 1_000, waitMsMax: 3_000 };

/** The diagnostics channel that publishes `{ error }` for each gathered statement that failed and whose asks are sent one by one. */
const failures = channel('guildhall.db.gather-failed');

/** Calls `listener` with the error of each gathered statement that failed, whosever its asks are. Returns a function that removes the listener. */
export const onGatherFailed = (listener: (error: unknown) => void): (() => void) => {
  const receive = (message: unknown): void => listener((message as { readonly error: unknown }).error);
  failures.subscribe(receive);
  return () => {
    failures.unsubscribe(receive);
  };
};

/** The asks that wait, oldest first, each once. They are refused with SERVICE_UNAVAILABLE after their longest time. */
const createQueue = <Ask, Row>({ queuedMax, waitMsMax }: { readonly queuedMax: number; readonly waitMsMax: number }) => {
  const queued = new Map<string, Queued<Ask, Row>>();
  let timer: NodeJS.Timeout | undefined;

  const refuseOld = (): void => {
    timer = undefined;
    const now = performance.now();
    for (const [key, { queuedAtMs, answer }] of queued) {
      if (queuedAtMs + waitMsMax > now) return refuseLater(queuedAtMs + waitMsMax - now);
      queued.delete(key);
      answer.reject(overloaded());
    }
  };
  const refuseLater = (delayMs: number): void => {
    timer ??= afterReading(delayMs, refuseOld).unref();
  };
  return {
    size: () => queued.size,
    answerOf: (key: string) => queued.get(key)?.answer.promise,
    add: (key: string, ask: Ask): Promise<Row | null> => {
      if (queued.size >= queuedMax) throw overloaded();
      const answer = Promise.withResolvers<Row | null>();
      queued.set(key, { ask, queuedAtMs: performance.now(), answer, traceparent: currentTraceparent() });
      refuseLater(waitMsMax);
      return answer.promise;
    },
    take: (max: number): readonly Queued<Ask, Row>[] => {
      const taken = [...queued.entries().take(max)];
      for (const [key] of taken) queued.delete(key);
      return taken.map(([, one]) => one);
    },
  };
};

/** Runs the statement of some asks as a part of the trace of the first that has one. The others are linked with it: they wait for the same answer. */
const inTraceOf = (batch: readonly { readonly traceparent: string | null }[], work: () => Promise<void>): Promise<void> => {
  const [parent, ...links] = batch.flatMap(({ traceparent }) => traceparent ?? []);
  if (parent === undefined) return untraced(work);
  const attributes = { 'db.operation.batch.size': batch.length };
  return traced(() => ({ name: 'gathered statement', kind: 'internal', parent, links, attributes }), work);
};

/**
 * Makes a read that gathers the asks of one turn of the event loop, and those that wait for a statement in flight, into one statement
 * (natural batching). A lone ask takes its plain statement. Equal asks are one while they wait; an ask never joins a statement in
 * flight, so that every caller reads what was written before the ask. If a gathered statement fails, each ask is sent by
 * itself, and its caller gets its own answer or error; an AppError (the database is away, or too many wait) is the answer to all.
 *
 * Throws SERVICE_UNAVAILABLE if too many asks wait, or one for too long. For the pool only: within a transaction there is nothing to gather.
 */
export const gather = <Ask, Row>(
  { one, many, keyOf }: GatherParts<Ask, Row>,
  limits: GatherLimits = {},
): ((ask: Ask) => Promise<Row | null>) => {
  const { batchMax, inFlightMax, ...queueLimits } = { ...defaults, ...limits };
  const queue = createQueue<Ask, Row>(queueLimits);
  let inFlight = 0;
  let isScheduled = false;

  const answerAlone = async ({ ask, answer }: Queued<Ask, Row>): Promise<void> => {
    try {
      answer.resolve(await one(ask));
    } catch (error) {
      answer.reject(error);
    }
  };

  const answerAll = async (batch: readonly Queued<Ask, Row>[]): Promise<void> => {
    try {
      const rows = await many(batch.map(({ ask }) => ask));
      const byPlace = new Map(rows.map(({ place, ...row }) => [place, row as Row]));
      for (const [index, { answer }] of batch.entries()) answer.resolve(byPlace.get(index + 1) ?? null);
    } catch (error) {
      if (isAppError(error)) return batch.forEach(({ answer }) => answer.reject(error));
      failures.publish({ error });
      await Promise.all(batch.map(answerAlone));
    }
  };
  const send = async (batch: readonly Queued<Ask, Row>[]): Promise<void> => {
    inFlight += 1;
    const [first, ...others] = batch;
    await inTraceOf(batch, () => (first !== undefined && others.length === 0 ? answerAlone(first) : answerAll(batch)));
    inFlight -= 1;
    sendQueued();
  };
  const sendQueued = (): void => {
    isScheduled = false;
    for (let free = inFlightMax - inFlight; free > 0 && queue.size() > 0; free -= 1) void send(queue.take(batchMax));
  };
  return async (ask) => {
    const key = keyOf(ask);
    const answer = queue.answerOf(key) ?? queue.add(key, ask);
    if (!isScheduled && inFlight < inFlightMax) {
      isScheduled = true;
      setImmediate(sendQueued);
    }
    return await answer;
  };
};
