import { idempotencyKeyHours } from '@guildhall/contracts';
import type { Connection } from './connection.ts';
import { sql, type Fragment } from './sql.ts';

/** The identity of a request under its Idempotency-Key. */
export interface IdempotentRequest {
  /** The Idempotency-Key that the caller sent. */
  readonly key: string;
  /** The owner of the key: the id of a user, or a substitute for a caller without one. */
  readonly principalId: string;
  /** The hash of the request. The same key with another hash is another request. */
  readonly requestHash: string;
}

export interface StoredAnswer {
  readonly status: number;
  readonly body: unknown;
}

/** The answers to requests with an Idempotency-Key, kept for `idempotencyKeyHours`. */
export interface IdempotencyStore {
  /** Removes at most `limit` expired keys. Returns their number. */
  purgeExpired(limit: number): Promise<number>;
}

const tableIn = (schema: string): Fragment => sql.fragment`${sql.identifier([schema, 'idempotency_keys'])}`;

/**
 * Claims the key as a piece of a larger statement; it answers a row (`id`) when the key is new or expired, and none when
 * the request was made before: `WITH claimed AS (${idempotencyClaimFragment(…)}), saved AS (INSERT … SELECT … WHERE
 * EXISTS (SELECT 1 FROM claimed) RETURNING …) …`. Nothing is claimed unless `when` holds.
 */
export const idempotencyClaimFragment = (
  schema: string,
  { key, principalId, requestHash: hash }: IdempotentRequest,
  answer: StoredAnswer,
  when: Fragment = sql.fragment`true`,
): Fragment => sql.fragment`
  INSERT INTO ${tableIn(schema)} AS known (principal_id, key, request_hash, answer, expires_at)
  SELECT ${principalId}::text, ${key}::text, ${hash}::text, ${JSON.stringify(answer)}::jsonb,
         now() + ${idempotencyKeyHours}::float8 * interval '1 hour'
  WHERE ${when}
  ON CONFLICT (principal_id, key) DO UPDATE
  SET request_hash = excluded.request_hash, answer = excluded.answer, expires_at = excluded.expires_at, updated_at = now()
  WHERE known.expires_at <= now()
  RETURNING known.id`;

export const createIdempotency = (connection: Connection, schema: string): IdempotencyStore => {
  const table = tableIn(schema);
  return {
    purgeExpired: async (limit) => {
      const { rowCount } = await connection.query(sql.unsafe`
        DELETE FROM ${table} WHERE id IN (SELECT id FROM ${table} WHERE expires_at <= now() ORDER BY expires_at, id LIMIT ${limit})`);
      return rowCount;
    },
  };
};
