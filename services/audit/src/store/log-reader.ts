import { row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { AuditFilters } from '../core/trail/audit-events.ts';
import type { LogEntry, LogRange, LogReader } from '../core/log/log-reader.ts';
import { entryColumns, EntryRow, toEntry } from './event-rows.ts';
import { allFilters } from './filter-events.ts';
import { logName } from './log-name.ts';
import { readableTime } from './readable-time.ts';
import { logHeads, logKeys, removedEvents } from './tables.ts';

const RemovedRow = row(
  [removedEvents],
  { leafIndex: Type.Integer(), reason: Type.Enum(['pruned', 'redacted']) },
  { leafHash: Type.String(), removedAt: Type.String() },
);
const SizeRow = row([logHeads], { size: Type.Integer() });
const OriginRow = row([logKeys], { origin: Type.String() });

const readQuery = (filters: AuditFilters, { from, to }: LogRange, limit: number) => sql.type(EntryRow)`
  SELECT ${entryColumns}
  FROM audit.audit_events
  WHERE leaf_index >= ${from}::int8 AND leaf_index < ${to}::int8 AND ${allFilters(filters)}
  ORDER BY leaf_index
  LIMIT ${limit}`;

export const createLogReader = (connection: Connection): LogReader<LogEntry> => ({
  size: async () =>
    (await connection.maybeOne(sql.type(SizeRow)`SELECT size FROM audit.log_heads WHERE name = ${logName}`))?.size ?? 0,
  origin: async () =>
    (await connection.maybeOne(sql.type(OriginRow)`SELECT origin FROM audit.log_keys WHERE name = ${logName}`))?.origin ?? null,
  read: async (filters, range, limit) => (await connection.any(readQuery(filters, range, limit))).map(toEntry),
  removed: ({ from, to }) =>
    connection.any(sql.type(RemovedRow)`
      SELECT leaf_index, encode(leaf_hash, 'base64') AS leaf_hash, reason, ${readableTime(sql.fragment`created_at`)} AS removed_at FROM audit.removed_events
      WHERE leaf_index >= ${from}::int8 AND leaf_index < ${to}::int8
      ORDER BY leaf_index`),
});
