import { row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { Removal, RemovableEvents, RetentionPolicies } from '../core/retention/retention.ts';

const PolicyRow = row(
  Type.Object({ keepDays: Type.Union([Type.Integer(), Type.Null()]), version: Type.Integer(), updatedAt: Type.String() }),
);
const CountRow = row(Type.Object({ count: Type.Integer() }));

const policyName = 'default';
const forEver = { keepDays: null, version: 1, updatedAt: null };

export const createRetentionPolicies = (connection: Connection): RetentionPolicies => ({
  read: async () =>
    (await connection.maybeOne(sql.type(PolicyRow)`
      SELECT keep_days, version, updated_at FROM audit.retention_policies WHERE name = ${policyName}`)) ?? forEver,
  replace: (keepDays, version) =>
    connection.maybeOne(sql.type(PolicyRow)`
      INSERT INTO audit.retention_policies AS known (name, keep_days, version)
      SELECT ${policyName}::text, ${keepDays}::int4, 2
      WHERE ${version}::int8 = 1 OR EXISTS (SELECT 1 FROM audit.retention_policies WHERE name = ${policyName})
      ON CONFLICT (name) DO UPDATE
      SET keep_days = excluded.keep_days, version = known.version + 1, updated_at = now()
      WHERE known.version = ${version}::int8
      RETURNING keep_days, version, updated_at`),
});

/** As far from the front as it is looked for what is to be pruned. */
const lookedAtMax = 100_000;

/**
 * The oldest by their place in the log, which is nearly the order of recording: a clock was set, or events got their places
 * long after they were stored. They are looked at from the front, and no further than what is asked for.
 */
const chosen = (removal: Removal, limit: number) => {
  if ('recordedBefore' in removal) {
    return sql.fragment`
      SELECT oldest.id, oldest.leaf_index, oldest.leaf_hash
      FROM (
        SELECT id, leaf_index, leaf_hash, recorded_at FROM audit.audit_events
        WHERE leaf_index IS NOT NULL ORDER BY leaf_index LIMIT ${lookedAtMax}
      ) AS oldest
      WHERE oldest.recorded_at < ${removal.recordedBefore}::timestamptz
      LIMIT ${limit}`;
  }
  const isMeant =
    'userId' in removal
      ? sql.fragment`(actor_id = ${removal.userId} OR (resource_type = 'user' AND resource_id = ${removal.userId}))`
      : sql.fragment`id = ANY(${sql.array([...removal.eventIds], 'uuid')})`;
  return sql.fragment`
    SELECT id, leaf_index, leaf_hash FROM audit.audit_events
    WHERE leaf_index IS NOT NULL AND ${isMeant} AND NOT (service = 'audit' AND action IN ('audit.prune', 'audit.redact'))
    LIMIT ${limit}`;
};

const chosenSetAside = (removal: Removal, limit: number) => {
  const isMeant =
    'recordedBefore' in removal
      ? sql.fragment`created_at < ${removal.recordedBefore}::timestamptz`
      : 'userId' in removal
        ? sql.fragment`strpos(raw::text, ${removal.userId}) > 0`
        : sql.fragment`id = ANY(${sql.array([...removal.eventIds], 'uuid')})`;
  return sql.fragment`SELECT id FROM audit.rejected_events WHERE ${isMeant} LIMIT ${limit}`;
};

export const createRemovableEvents = (connection: Connection): RemovableEvents => ({
  count: async (removal, max) =>
    (await connection.one(sql.type(CountRow)`SELECT count(*) AS count FROM (${chosen(removal, max)}) AS chosen`)).count,
  remove: async (removal, limit) => {
    const { count } = await connection.one(sql.type(CountRow)`
      WITH chosen AS (${chosen(removal, limit)}),
      gone AS (
        DELETE FROM audit.audit_events WHERE id IN (SELECT id FROM chosen) RETURNING id, leaf_index, leaf_hash
      ), kept AS (
        INSERT INTO audit.removed_events (id, leaf_index, leaf_hash, reason)
        SELECT id, leaf_index, leaf_hash, ${removal.reason}::text FROM gone
        RETURNING id
      )
      SELECT count(*) AS count FROM kept`);
    return count;
  },
  countSetAside: async (removal, max) =>
    (await connection.one(sql.type(CountRow)`SELECT count(*) AS count FROM (${chosenSetAside(removal, max)}) AS chosen`)).count,
  removeSetAside: async (removal, limit) =>
    (await connection.query(sql.unsafe`DELETE FROM audit.rejected_events WHERE id IN (${chosenSetAside(removal, limit)})`))
      .rowCount,
});
