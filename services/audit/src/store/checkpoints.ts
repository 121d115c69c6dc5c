import { leftJoined, row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { Checkpoint, Checkpoints, LogStanding, StoredLogKey } from '../core/log/checkpoints.ts';
import { Bytes, hashesOf } from './bytes.ts';
import { logName } from './log-name.ts';
import { readableTime } from './readable-time.ts';
import { checkpoints, logHeads, logKeys } from './tables.ts';
import { isUnsequenced, setUnplacedAside } from './unplaced-rows.ts';

const optionalText = Type.Optional(Type.String());
const optionalBytes = Type.Optional(Bytes);
const StandingRow = row(
  [leftJoined(logHeads), leftJoined(checkpoints), leftJoined(logKeys)],
  {
    size: Type.Optional(Type.Integer()),
    frontier: optionalBytes,
    rootHash: optionalBytes,
    note: optionalText,
    origin: optionalText,
    publicKey: optionalBytes,
    sealedPrivateKey: optionalText,
    sealedAnchor: optionalText,
  },
  { signedSize: Type.Optional(Type.Integer()), signedAt: optionalText, oldestUnsequencedAt: optionalText },
);
const CheckpointRow = row(
  [checkpoints],
  { size: Type.Integer(), rootHash: Bytes, note: Type.String() },
  { signedAt: Type.String() },
);
const KeyRow = row([logKeys], { origin: Type.String(), publicKey: Bytes });

const standingQuery = sql.type(StandingRow)`
  SELECT head.size, head.frontier, signed.size AS signed_size, signed.root_hash, signed.note, signed.signed_at, key.origin,
         key.public_key, key.sealed_private_key, key.sealed_anchor, unplaced.oldest_unsequenced_at
  FROM (SELECT 1 AS one) AS log
  LEFT JOIN (SELECT size, frontier FROM audit.log_heads WHERE name = ${logName}) AS head ON true
  LEFT JOIN (SELECT size, root_hash, note, ${readableTime(sql.fragment`created_at`)} AS signed_at
             FROM audit.checkpoints ORDER BY size DESC LIMIT 1) AS signed ON true
  LEFT JOIN (SELECT origin, public_key, sealed_private_key, sealed_anchor FROM audit.log_keys WHERE name = ${logName}) AS key ON true
  LEFT JOIN (SELECT ${readableTime(sql.fragment`recorded_at`)} AS oldest_unsequenced_at FROM audit.audit_events
             WHERE ${isUnsequenced} ORDER BY recorded_at, id LIMIT 1) AS unplaced ON true`;

const latestQuery = sql.type(CheckpointRow)`
  SELECT size, root_hash, note, ${readableTime(sql.fragment`created_at`)} AS signed_at FROM audit.checkpoints ORDER BY size DESC LIMIT 1`;

/** A checkpoint further ahead of the database's clock than this was signed before that clock was set back. */
const clockSkewSecondsMax = 60;

/**
 * Inserts a checkpoint and keeps its anchor, unless its size is signed already, another was signed a moment ago by a replica, or
 * the anchor is another by now: a repair or a replica was faster.
 */
const keepQuery = ({ size, rootHash, note }: Omit<Checkpoint, 'signedAt'>, key: StoredLogKey, sealedAnchor: string) => sql.unsafe`
  WITH anchored AS (
    UPDATE audit.log_keys SET sealed_anchor = ${sealedAnchor}, updated_at = now()
    WHERE name = ${logName} AND origin = ${key.origin} AND sealed_anchor IS NOT DISTINCT FROM ${key.sealedAnchor}::text
      AND NOT EXISTS (
        SELECT 1 FROM (SELECT size, created_at FROM audit.checkpoints ORDER BY size DESC LIMIT 1) AS last
        WHERE last.size >= ${size}::int8
           OR (last.created_at > now() - interval '900 milliseconds'
               AND last.created_at <= now() + ${clockSkewSecondsMax}::float8 * interval '1 second'))
    RETURNING name)
  INSERT INTO audit.checkpoints (size, root_hash, note)
  SELECT ${size}::int8, ${sql.binary(Buffer.from(rootHash))}::bytea, ${note}::text FROM anchored
  ON CONFLICT (size) DO NOTHING`;

const keepKeyQuery = ({ origin, publicKey, sealedPrivateKey, sealedAnchor }: StoredLogKey) => sql.unsafe`
  INSERT INTO audit.log_keys (name, origin, public_key, sealed_private_key, sealed_anchor)
  SELECT ${logName}, ${origin}, ${sql.binary(Buffer.from(publicKey))}::bytea, ${sealedPrivateKey}, ${sealedAnchor}::text
  WHERE NOT EXISTS (SELECT 1 FROM audit.log_heads WHERE size > 0) AND NOT EXISTS (SELECT 1 FROM audit.checkpoints)
  ON CONFLICT (name) DO NOTHING`;

const acceptQuery = (
  { origin, publicKey, sealedPrivateKey, sealedAnchor }: StoredLogKey,
  keepsCheckpoints: boolean,
) => sql.unsafe`
  WITH removed AS (DELETE FROM audit.checkpoints WHERE NOT ${keepsCheckpoints}::bool RETURNING size),
       aside AS (${setUnplacedAside(sql.fragment`EXISTS (SELECT 1 FROM audit.log_heads WHERE size > 0)`)})
  INSERT INTO audit.log_keys (name, origin, public_key, sealed_private_key, sealed_anchor)
  VALUES (${logName}, ${origin}, ${sql.binary(Buffer.from(publicKey))}, ${sealedPrivateKey}, ${sealedAnchor}::text)
  ON CONFLICT (name) DO UPDATE SET sealed_anchor = excluded.sealed_anchor, updated_at = now()`;

const nothingYet = new Uint8Array();

export const createCheckpoints = (connection: Connection): Checkpoints => ({
  async standing(): Promise<LogStanding> {
    const found = await connection.one(standingQuery);
    const { signedSize, rootHash, note, signedAt, origin, publicKey, sealedPrivateKey, sealedAnchor = null } = found;
    const isSigned = signedSize !== undefined && rootHash !== undefined && note !== undefined && signedAt !== undefined;
    const hasKey = origin !== undefined && publicKey !== undefined && sealedPrivateKey !== undefined;
    return {
      head: { size: found.size ?? 0, hashes: hashesOf(found.frontier ?? nothingYet) },
      lastSigned: isSigned ? { size: signedSize, rootHash, note, signedAt } : null,
      key: hasKey ? { origin, publicKey, sealedPrivateKey, sealedAnchor } : null,
      oldestUnsequencedAt: found.oldestUnsequencedAt ?? null,
    };
  },
  latest: () => connection.maybeOne(latestQuery),
  key: () => connection.maybeOne(sql.type(KeyRow)`SELECT origin, public_key FROM audit.log_keys WHERE name = ${logName}`),
  keepKey: async (key) => void (await connection.query(keepKeyQuery(key))),
  accept: async (...given) => void (await connection.query(acceptQuery(...given))),
  keep: async (...given) => void (await connection.query(keepQuery(...given))),
});
