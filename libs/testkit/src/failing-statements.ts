import { createHash } from 'node:crypto';
import { Client } from 'pg';

/** A failure of a statement: an SQLSTATE that the server answers, or a connection that ends without an answer. */
export type StatementFailure = '40001' | '40003' | '57P01' | 'lost';

/** One statement that failed. */
export interface FailedStatement {
  readonly text: string;
  readonly failure: StatementFailure;
  /** False: the statement did not run. True: it ran, and its answer was replaced. */
  readonly hasRun: boolean;
}

export interface FailingStatementsOptions {
  /** The application name of the sessions whose statements fail. */
  readonly applicationName: string;
  readonly seed: number;
  /** The share of the statements that fail, 0 to 1. */
  readonly rate: number;
}

type Plan = Omit<FailedStatement, 'text'>;
type Query = (this: Client, ...given: unknown[]) => unknown;

/** A number from 0 to 1 that depends on the words alone, so that what runs at the same time changes no draw. */
const drawOf = (...words: readonly (string | number)[]): number =>
  createHash('sha256').update(words.join('\0')).digest().readUInt32BE(0) / 2 ** 32;

const isBegin = (text: string): boolean => /^(BEGIN|START TRANSACTION)\b/i.test(text);
const isCommit = (text: string): boolean => /^COMMIT\b/i.test(text);
const isRollback = (text: string): boolean => /^ROLLBACK\b/i.test(text);

const before = (failure: StatementFailure): Plan => ({ failure, hasRun: false });
const after = (failure: StatementFailure): Plan => ({ failure, hasRun: true });

/**
 * Returns the ways in which a statement may fail. 40001 says that everything was rolled back, so it comes behind no statement that was committed; 40003
 * says nothing, and comes both ways. A server neither refuses a ROLLBACK nor
 * forgets a BEGIN.
 */
const plansFor = (text: string, isInTransaction: boolean): readonly Plan[] => {
  const ended = [before('57P01'), before('lost'), after('57P01'), after('lost')];
  if (isRollback(text) || isBegin(text)) return ended;
  const isCommitted = isCommit(text) || !isInTransaction;
  return [before('40001'), ...(isCommitted ? [] : [after('40001')]), before('40003'), after('40003'), ...ended];
};

const raising = (state: string): string => `DO $$ BEGIN RAISE EXCEPTION 'injected' USING ERRCODE = '${state}'; END $$`;

/** Makes the failure: the server itself answers it, so that the session is in the state that belongs to it. */
const fail = (client: Client, query: Query, failure: StatementFailure): unknown => {
  if (failure === '57P01') return query.call(client, 'SELECT pg_terminate_backend(pg_backend_pid())');
  if (failure !== 'lost') return query.call(client, raising(failure));
  const waiting = query.call(client, 'SELECT pg_sleep(0.05)');
  (client as unknown as { readonly connection: { readonly stream: { destroy(): void } } }).connection.stream.destroy();
  return waiting;
};

const textOf = (given: unknown): string =>
  typeof given === 'string' ? given : String((given as { readonly text?: unknown } | undefined)?.text);

const applicationOf = (client: Client): unknown =>
  (client as unknown as { readonly connectionParameters: { readonly application_name?: unknown } }).connectionParameters
    .application_name;

/** Draws for each statement of a text by how often it was sent, and carries the plans out. */
const createFailing = ({ seed, rate }: FailingStatementsOptions, query: Query) => {
  const failed: FailedStatement[] = [];
  const times = new Map<string, number>();
  const inTransaction = new WeakSet<Client>();
  const planOf = (client: Client, text: string): Plan | undefined => {
    const time = (times.get(text) ?? 0) + 1;
    times.set(text, time);
    if (drawOf(seed, time, text) >= rate) return undefined;
    const plans = plansFor(text, inTransaction.has(client));
    return plans[Math.floor(drawOf(seed, time, text, 'plan') * plans.length)];
  };
  const send = async (client: Client, given: readonly unknown[]): Promise<unknown> => {
    const text = textOf(given[0]);
    const plan = planOf(client, text);
    if (isBegin(text)) inTransaction.add(client);
    if (isCommit(text) || isRollback(text)) inTransaction.delete(client);
    if (plan === undefined) return await query.apply(client, [...given]);
    failed.push({ text, ...plan });
    if (plan.hasRun) await query.apply(client, [...given]);
    // Neither is executed, and both end the transaction: a session that is lost leaves none, and a failed one takes no statement.
    else if (isCommit(text) || isRollback(text)) await query.call(client, 'ROLLBACK');
    return await fail(client, query, plan.failure);
  };
  return { send, failed };
};

/**
 * Runs `work` while statements of one application in this process fail at random, by their seed: with a serialization failure (40001), an
 * unknown outcome (40003), an ended session (57P01) or a lost connection, before or after they ran. Returns the result and
 * what failed. A run with the same seed and statements fails in the same way.
 */
export const withFailingStatements = async <T>(
  options: FailingStatementsOptions,
  work: () => Promise<T>,
): Promise<{ readonly result: T; readonly failed: readonly FailedStatement[] }> => {
  const query = Client.prototype.query as Query;
  const { send, failed } = createFailing(options, query);
  Object.assign(Client.prototype, {
    query(this: Client, ...given: unknown[]) {
      return applicationOf(this) === options.applicationName ? send(this, given) : query.apply(this, given);
    },
  });
  try {
    return { result: await work(), failed };
  } finally {
    Object.assign(Client.prototype, { query });
  }
};
