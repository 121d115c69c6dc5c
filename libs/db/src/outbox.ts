import type { OutboxMessage } from '@guildhall/contracts';
import { currentTraceparent } from '@guildhall/tracing';
import { Type } from 'typebox';
import type { Connection } from './connection.ts';
import { uncheckedRow } from './row.ts';
import { sql, unmeasuredArray, type Fragment } from './sql.ts';

/** An outbox event that a relay has claimed. */
export interface ClaimedMessage {
  readonly id: string;
  readonly kind: string;
  readonly occurredAt: string;
  readonly payload: unknown;
  /** The trace of the request that appended it (W3C Trace Context); null where it was not traced. */
  readonly traceparent: string | null;
  /** The number of claims so far, this one included. */
  readonly attempts: number;
}

/** An outbox event that was published and is not confirmed. */
export type PublishedMessage = Omit<ClaimedMessage, 'attempts' | 'traceparent'>;

export interface OutboxDepth {
  readonly waiting: number;
  readonly oldestWaitingSeconds: number;
}

export interface ClaimOptions {
  /** Names the claimant in the table, for people who read it. */
  readonly ownerId: string;
  /** The largest number of events of each shard. */
  readonly shardMax: number;
  /** Default: every shard. */
  readonly shards?: readonly number[];
  /** Default: every kind. A service that appends several has an index that leads with them. */
  readonly kinds?: readonly string[];
}

/** The transactional outbox of a service: events that their destination has not confirmed yet. Times are the database's clock. */
export interface OutboxStore {
  /** Appends events. Called in the transaction of the change that they record. */
  append(messages: readonly OutboxMessage[]): Promise<void>;
  /**
   * Marks the oldest due events as published and returns them, in the order in which they occurred: no other relay gets them. Those of a
   * claimant that dies before it has published them are found by `publishedBefore`, and missing at their destination.
   */
  claim(options: ClaimOptions): Promise<readonly ClaimedMessage[]>;
  /** Takes the mark away, as they could not be published; the events are due again after the delay. */
  release(ids: readonly string[], delaySeconds: number): Promise<void>;
  /** Returns unconfirmed events of a kind that were published at least `ageSeconds` ago, oldest first. */
  publishedBefore(kind: string, ageSeconds: number, limit: number): Promise<readonly PublishedMessage[]>;
  /** Makes published events due again at once, because their destination does not have them. */
  republish(ids: readonly string[]): Promise<void>;
  /** Removes events that their destination has confirmed. */
  remove(ids: readonly string[]): Promise<void>;
  /** Calls `listener` whenever this process is about to append events, by a store or in a statement of its own. Returns a function that ends that. */
  onAppending(listener: () => void): () => void;
  depth(): Promise<OutboxDepth>;
}

/** The number of shards of an outbox. The shard is the first column of the polling index, so that relays can share the work. */
export const outboxShards = 8;
const allShards = Array.from({ length: outboxShards }, (_, shard) => shard);

const shardOf = (id: string): number => Number.parseInt(id.slice(-2), 16) % outboxShards;

// The table is each service's own.
const Claimed = uncheckedRow({
  id: Type.String(),
  kind: Type.String(),
  occurredAt: Type.String(),
  payload: Type.Unknown(),
  traceparent: Type.Union([Type.String(), Type.Null()]),
  attempts: Type.Integer(),
});
const Published = uncheckedRow({ id: Type.String(), kind: Type.String(), occurredAt: Type.String(), payload: Type.Unknown() });
const Depth = uncheckedRow({ waiting: Type.Integer(), oldestWaitingSeconds: Type.Number() });

/** Whom to tell that this process is about to append events, by schema. */
const appending = new Map<string, Set<() => void>>();

const onAppendingTo =
  (schema: string): OutboxStore['onAppending'] =>
  (listener) => {
    const listeners = appending.get(schema) ?? new Set();
    appending.set(schema, listeners.add(listener));
    return () => void listeners.delete(listener);
  };

const tableIn = (schema: string): Fragment => sql.fragment`${sql.identifier([schema, 'outbox_events'])}`;

/** An event to be appended. */
export type AppendedMessage = OutboxMessage & {
  /** The trace of the request that appends it. Default: the one that is current. */
  readonly traceparent?: string | null;
};

/**
 * The insert of events as a piece of a larger statement, so that a change and its events are one round trip:
 * `WITH saved AS (UPDATE … RETURNING id), published AS (${outboxInsertFragment('team', [message], sql.fragment`EXISTS (SELECT 1 FROM saved)`)}) …`
 * No event is written unless `when` holds, which may ask for its `event.id`.
 */
export const outboxInsertFragment = (
  schema: string,
  messages: readonly AppendedMessage[],
  when: Fragment = sql.fragment`true`,
): Fragment => {
  for (const listener of appending.get(schema) ?? []) listener();
  const current = currentTraceparent();
  const rows = messages.map(({ id, kind, payload, occurredAt, traceparent = current }) => [
    id,
    shardOf(id),
    kind,
    JSON.stringify(payload),
    occurredAt,
    traceparent,
  ]);
  return sql.fragment`
    INSERT INTO ${tableIn(schema)} (id, shard, kind, payload, occurred_at, traceparent)
    SELECT event.id, event.shard, event.kind, event.payload::jsonb, event.occurred_at, event.traceparent
    FROM ${sql.unnest(rows, ['uuid', 'int2', 'text', 'text', 'timestamptz', 'text'])}
      AS event (id, shard, kind, payload, occurred_at, traceparent)
    WHERE ${when}
    RETURNING id`;
};

const uuids = (ids: readonly string[]) => sql.array([...ids], 'uuid');

const ofEach = (kinds: ClaimOptions['kinds']): Fragment =>
  kinds === undefined ? sql.fragment`` : sql.fragment`CROSS JOIN unnest(${sql.array([...kinds], 'text')}) AS wanted (kind)`;
const isOfKind = (kinds: ClaimOptions['kinds']): Fragment =>
  kinds === undefined ? sql.fragment`` : sql.fragment`AND waiting.kind = wanted.kind`;

/**
 * The oldest of each shard by its index: what a claim costs does not grow with what waits, and it locks nothing that it does not take. It is the one
 * update of an event between its insert and its removal: a lease of its own would be another (record 75).
 */
const claimQuery = (table: Fragment, { ownerId, shardMax, shards = allShards, kinds }: ClaimOptions) => sql.type(Claimed)`
  WITH due AS (
    SELECT oldest.id
    FROM unnest(${unmeasuredArray(shards, 'int2')}) AS asked (shard) ${ofEach(kinds)}
    CROSS JOIN LATERAL (
      SELECT waiting.id FROM ${table} AS waiting
      WHERE waiting.published_at IS NULL AND waiting.shard = asked.shard AND waiting.available_at <= now() ${isOfKind(kinds)}
      ORDER BY waiting.available_at
      LIMIT ${shardMax}
      FOR UPDATE SKIP LOCKED
    ) AS oldest
  )
  UPDATE ${table} AS event
  SET published_at = now(), claimed_by = ${ownerId}, attempts = event.attempts + 1, updated_at = now()
  FROM due
  WHERE event.id = due.id
  RETURNING event.id, event.kind, event.occurred_at, event.payload, event.traceparent, event.attempts`;

const byOccurrence = (one: ClaimedMessage, other: ClaimedMessage): number =>
  one.occurredAt.localeCompare(other.occurredAt) || one.id.localeCompare(other.id);

const reads = (connection: Connection, table: Fragment): Pick<OutboxStore, 'publishedBefore' | 'depth'> => ({
  publishedBefore: (kind, ageSeconds, limit) =>
    connection.any(sql.type(Published)`
      SELECT id, kind, occurred_at, payload FROM ${table}
      WHERE kind = ${kind} AND published_at <= now() - ${ageSeconds}::float8 * interval '1 second'
      ORDER BY published_at, id LIMIT ${limit}`),
  depth: () =>
    connection.one(sql.type(Depth)`
      SELECT count(id)::int8 AS waiting,
             coalesce(greatest(0, extract(epoch FROM now() - min(created_at))), 0)::float8 AS oldest_waiting_seconds
      FROM ${table} WHERE published_at IS NULL`),
});

/** Built on the pool for the relay, on a transaction for a change. */
export const createOutboxStore = (connection: Connection, schema: string): OutboxStore => {
  const table = tableIn(schema);
  const forEach = async (ids: readonly string[], statement: () => Fragment): Promise<void> => {
    if (ids.length > 0) await connection.query(sql.unsafe`${statement()}`);
  };
  return {
    ...reads(connection, table),
    append: async (messages) => {
      if (messages.length > 0) await connection.query(sql.unsafe`${outboxInsertFragment(schema, messages)}`);
    },
    claim: async (options) => (await connection.any(claimQuery(table, options))).toSorted(byOccurrence),
    release: (ids, delaySeconds) =>
      forEach(
        ids,
        () => sql.fragment`
        UPDATE ${table}
        SET published_at = NULL, available_at = now() + ${delaySeconds}::float8 * interval '1 second', claimed_by = NULL, claimed_until = NULL,
            updated_at = now()
        WHERE id = ANY(${uuids(ids)})`,
      ),
    republish: (ids) =>
      forEach(
        ids,
        () => sql.fragment`
        UPDATE ${table} SET published_at = NULL, available_at = now(), claimed_by = NULL, updated_at = now() WHERE id = ANY(${uuids(ids)})`,
      ),
    remove: (ids) => forEach(ids, () => sql.fragment`DELETE FROM ${table} WHERE id = ANY(${uuids(ids)})`),
    onAppending: onAppendingTo(schema),
  };
};
