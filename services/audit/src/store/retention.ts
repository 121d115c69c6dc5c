import { row, sql, uncheckedRow, withoutNull, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { LogEntry } from '../core/log/log-reader.ts';
import type { RetentionPolicies } from '../core/retention/policy.ts';
import type { RemovableEvents, RemovableRejected } from '../core/retention/removal.ts';
import { entryColumns, EntryRow, inTree, loggedColumns, toEntry } from './event-rows.ts';
import { logName } from './log-name.ts';
import { RejectedRow } from './rejected-events.ts';
import { auditEvents, logHeads, retentionPolicies } from './tables.ts';

const PolicyRow = row([retentionPolicies], {
  keepDays: Type.Union([Type.Integer(), Type.Null()]),
  version: Type.Integer(),
  updatedAt: Type.String(),
});
const CountRow = uncheckedRow({ count: Type.Integer() });
const SizeRow = row([logHeads], { size: Type.Integer() });
const PlaceRow = row([withoutNull(auditEvents, 'leafIndex')], { leafIndex: Type.Integer() });

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

/** The number of the oldest leaves that one statement examines for expired ones. */
const examinedMax = 100_000;

/**
 * Expired events, oldest first by leaf index, which is nearly the order of recording: a clock may have been set, or events
 * got their places long after they were stored.
 */
const expiredQuery = (recordedBefore: string, after: number, limit: number) => sql.type(EntryRow)`
  SELECT ${entryColumns}
  FROM (
    SELECT ${loggedColumns}, leaf_index, leaf_hash
    FROM audit.audit_events
    WHERE ${inTree} AND leaf_index > ${after}::int8
    ORDER BY leaf_index
    LIMIT ${examinedMax}
  ) AS oldest
  WHERE leaf_index > ${after}::int8 AND recorded_at < ${recordedBefore}::timestamptz
  ORDER BY leaf_index
  LIMIT ${limit}`;

const firstKeptQuery = (recordedBefore: string) => sql.type(PlaceRow)`
  SELECT leaf_index FROM audit.audit_events
  WHERE ${inTree} AND recorded_at >= ${recordedBefore}::timestamptz
  ORDER BY leaf_index
  LIMIT 1`;

const tellingsQuery = (action: string, before: LogEntry | null, limit: number) => sql.type(EntryRow)`
  SELECT ${entryColumns}
  FROM audit.audit_events
  WHERE ${inTree} AND action = ${action} AND service = 'audit' AND ${
    before === null
      ? sql.fragment`true`
      : sql.fragment`(occurred_at, id) < (${before.event.occurredAt}::timestamptz, ${before.event.id}::uuid)`
  }
  ORDER BY occurred_at DESC, id DESC
  LIMIT ${limit}`;

const uuids = (ids: readonly string[]) => sql.array([...ids], 'uuid');

/** A text as it stands in a row: by itself, within JSON, and within JSON that is kept as a text. */
const formsOf = (text: string): readonly string[] => {
  const escaped = JSON.stringify(text).slice(1, -1);
  return [text, escaped, JSON.stringify(escaped).slice(1, -1)];
};

const holdsAny = (within: Fragment, texts: readonly string[]) => sql.fragment`EXISTS (
  SELECT 1 FROM unnest(${sql.array([...new Set(texts.flatMap(formsOf))], 'text')}) AS sought (form)
  WHERE strpos(lower(${within}), lower(sought.form)) > 0)`;

const eventText = sql.fragment`
  concat_ws(' ', actor_id, resource_id, resource_name, changes::text)`;

/** Deletes the events and keeps id, leaf index and leaf hash of each. */
const removeQuery = (ids: readonly string[], reason: 'pruned' | 'redacted') => sql.type(CountRow)`
  WITH gone AS (
    DELETE FROM audit.audit_events WHERE ${inTree} AND id = ANY(${uuids(ids)}) RETURNING id, leaf_index, leaf_hash
  ), kept AS (
    INSERT INTO audit.removed_events (id, leaf_index, leaf_hash, reason)
    SELECT id, leaf_index, leaf_hash, ${reason}::text FROM gone
    RETURNING id
  )
  SELECT count(*) AS count FROM kept`;

const searchQuery = (texts: readonly string[], { from, to }: { from: number; to: number }, limit: number) => sql.type(EntryRow)`
  SELECT ${entryColumns}
  FROM audit.audit_events
  WHERE leaf_index >= ${from}::int8 AND leaf_index < ${to}::int8 AND ${holdsAny(eventText, texts)}
  ORDER BY leaf_index
  LIMIT ${limit}`;

export const createRemovableEvents = (connection: Connection): RemovableEvents => ({
  size: async () =>
    (await connection.maybeOne(sql.type(SizeRow)`SELECT size FROM audit.log_heads WHERE name = ${logName}`))?.size ?? 0,
  expired: async (...given) => (await connection.any(expiredQuery(...given))).map(toEntry),
  firstKept: async (recordedBefore) => (await connection.maybeOne(firstKeptQuery(recordedBefore)))?.leafIndex ?? null,
  tellings: async (...given) => (await connection.any(tellingsQuery(...given))).map(toEntry),
  search: async (texts, range, limit) => (await connection.any(searchQuery(texts, range, limit))).map(toEntry),
  findAll: async (ids) => {
    const rows = await connection.any(sql.type(EntryRow)`
      SELECT ${entryColumns}
      FROM audit.audit_events
      WHERE ${inTree} AND id = ANY(${uuids(ids)})
      ORDER BY leaf_index`);
    return rows.map(toEntry);
  },
  prune: async (ids) => (await connection.one(removeQuery(ids, 'pruned'))).count,
  redact: async (ids) => (await connection.one(removeQuery(ids, 'redacted'))).count,
});

const expiredRejected = (recordedBefore: string, limit: number) => sql.fragment`
  SELECT id FROM audit.rejected_events WHERE created_at < ${recordedBefore}::timestamptz ORDER BY created_at LIMIT ${limit}`;

export const createRemovableRejected = (connection: Connection): RemovableRejected => ({
  countExpired: async (recordedBefore, max) =>
    (await connection.one(sql.type(CountRow)`SELECT count(*) AS count FROM (${expiredRejected(recordedBefore, max)}) AS expired`))
      .count,
  removeExpired: async (recordedBefore, limit) =>
    (
      await connection.query(
        sql.unsafe`DELETE FROM audit.rejected_events WHERE id IN (${expiredRejected(recordedBefore, limit)})`,
      )
    ).rowCount,
  search: (texts, afterId, limit) =>
    connection.any(sql.type(RejectedRow)`
      SELECT id, raw, reason, created_at AS at FROM audit.rejected_events
      WHERE ${holdsAny(sql.fragment`raw::text`, texts)}
        AND ${afterId === null ? sql.fragment`true` : sql.fragment`id > ${afterId}::uuid`}
      ORDER BY id LIMIT ${limit}`),
  findAll: (ids) =>
    connection.any(sql.type(RejectedRow)`
      SELECT id, raw, reason, created_at AS at FROM audit.rejected_events WHERE id = ANY(${uuids(ids)})`),
  remove: async (ids) =>
    (await connection.query(sql.unsafe`DELETE FROM audit.rejected_events WHERE id = ANY(${uuids(ids)})`)).rowCount,
});
