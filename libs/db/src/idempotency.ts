import { createHash } from 'node:crypto';
import { AppError } from '@guildhall/errors';
import { Type } from 'typebox';
import type { Connection } from './connection.ts';
import { row } from './row.ts';
import { sql, type Fragment } from './sql.ts';

/** One request as its repetition would look. */
export interface IdempotentRequest {
  /** The Idempotency-Key that the caller sent. */
  readonly key: string;
  /** Whose key it is: a user's id, or what stands for a caller without one. */
  readonly principalId: string;
  /** From `requestHash`. */
  readonly requestHash: string;
}

export interface StoredAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The first answers to requests with an Idempotency-Key, kept for 24 hours. */
export interface IdempotencyStore {
  /** The first answer, or null when there was no such request. Throws UNPROCESSABLE when the key was used for another one. */
  find(request: IdempotentRequest): Promise<StoredAnswer | null>;
  /**
   * Runs `work` unless the request was answered before, and answers what was answered first. Only on a transaction:
   * the key and the change are kept together or not at all. Of two at once the second waits for the first.
   */
  answerOnce(
    request: IdempotentRequest,
    work: () => Promise<StoredAnswer>,
  ): Promise<StoredAnswer & { readonly isRepeated: boolean }>;
  /** Removes at most `limit` expired ones and answers how many. */
  purgeExpired(limit: number): Promise<number>;
}

export const idempotencyKeepHours = 24;

const canonical = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  const fields = Object.entries(value).toSorted(([one], [other]) => (one < other ? -1 : 1));
  return Object.fromEntries(fields.map(([name, item]) => [name, canonical(item)]));
};

/** SHA-256 over what the request asks for; the order of a body's fields does not matter. */
export const requestHash = (request: { readonly method: string; readonly path: string; readonly body: unknown }): string =>
  createHash('sha256')
    .update(JSON.stringify([request.method, request.path, canonical(request.body ?? null)]))
    .digest('hex');

const Stored = row(
  Type.Object({
    requestHash: Type.String(),
    answer: Type.Union([Type.Object({ status: Type.Integer(), body: Type.Unknown() }), Type.Null()]),
  }),
);

const tableIn = (schema: string): Fragment => sql.fragment`${sql.identifier([schema, 'idempotency_keys'])}`;

/**
 * Claims the key as a piece of a larger statement; it answers a row (`id`) when the key is new or expired, and none when
 * the request was made before: `WITH claimed AS (${idempotencyClaimFragment(…)}), saved AS (INSERT … SELECT … WHERE
 * EXISTS (SELECT 1 FROM claimed) RETURNING …) …`. When nothing was saved, ask `find`. Nothing is claimed unless `when` holds.
 */
export const idempotencyClaimFragment = (
  schema: string,
  { key, principalId, requestHash: hash }: IdempotentRequest,
  answer: StoredAnswer | null,
  when: Fragment = sql.fragment`true`,
): Fragment => sql.fragment`
  INSERT INTO ${tableIn(schema)} AS known (principal_id, key, request_hash, answer, expires_at)
  SELECT ${principalId}::text, ${key}::text, ${hash}::text, ${answer === null ? null : JSON.stringify(answer)}::jsonb,
         now() + ${idempotencyKeepHours}::float8 * interval '1 hour'
  WHERE ${when}
  ON CONFLICT (principal_id, key) DO UPDATE
  SET request_hash = excluded.request_hash, answer = excluded.answer, expires_at = excluded.expires_at, updated_at = now()
  WHERE known.expires_at <= now()
  RETURNING known.id`;

const answerOf = (
  stored: { requestHash: string; answer: StoredAnswer | null },
  { requestHash: hash }: IdempotentRequest,
): StoredAnswer => {
  if (stored.requestHash !== hash) {
    throw new AppError('UNPROCESSABLE', 'This Idempotency-Key was used for another request.', {
      errors: [{ path: '/headers/idempotency-key', message: 'was used for another request' }],
    });
  }
  if (stored.answer === null) throw new Error('An idempotency key was kept without its answer.');
  return stored.answer;
};

/** On the pool for reads and purges, on the transaction of the change for `answerOnce`. */
export const createIdempotency = (connection: Connection, schema: string): IdempotencyStore => {
  const table = tableIn(schema);
  const find: IdempotencyStore['find'] = async (request) => {
    const stored = await connection.maybeOne(sql.type(Stored)`
      SELECT request_hash, answer FROM ${table}
      WHERE principal_id = ${request.principalId} AND key = ${request.key} AND expires_at > now()`);
    return stored === null ? null : answerOf(stored, request);
  };
  const keep = (request: IdempotentRequest, answer: StoredAnswer) =>
    connection.query(sql.unsafe`
      UPDATE ${table} SET answer = ${JSON.stringify(answer)}::jsonb, updated_at = now()
      WHERE principal_id = ${request.principalId} AND key = ${request.key}`);
  return {
    find,
    answerOnce: async (request, work) => {
      const { rowCount } = await connection.query(sql.unsafe`${idempotencyClaimFragment(schema, request, null)}`);
      if (rowCount === 0) {
        const first = await find(request);
        if (first === null) throw new Error('An idempotency key vanished while it was looked at.');
        return { ...first, isRepeated: true };
      }
      const answer = await work();
      await keep(request, answer);
      return { ...answer, isRepeated: false };
    },
    purgeExpired: async (limit) => {
      const { rowCount } = await connection.query(sql.unsafe`
        DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE expires_at <= now() ORDER BY expires_at, id LIMIT ${limit})`);
      return rowCount;
    },
  };
};
