import { leftJoined, row, sql, uncheckedRow, type Connection, type RowOf } from '@guildhall/db';
import { Type } from 'typebox';
import type { AuditEvents, AuditFilters, AuditPageRequest, StoredCount } from '../core/trail/audit-events.ts';
import { lookedAtMax, needsLooking } from '../core/trail/event-filters.ts';
import { eventColumns, EventRow, toEvent } from './event-rows.ts';
import { indexedFilters, lookingFilters } from './filter-events.ts';
import { logName } from './log-name.ts';
import { auditEvents, logHeads } from './tables.ts';

const PageEndRow = row([auditEvents], { occurredAt: Type.String(), id: Type.String() });
const IdRow = uncheckedRow({ id: Type.String() });
const timeOrNull = Type.Union([Type.String(), Type.Null()]);
const CountRow = row(
  [leftJoined(logHeads)],
  { lastRecordedAt: timeOrNull },
  {
    size: Type.Integer(),
    unsequenced: Type.Integer(),
    oldestUnsequencedAt: timeOrNull,
    checkpointSize: Type.Union([Type.Integer(), Type.Null()]),
    checkpointSignedAt: timeOrNull,
  },
);

const afterPage = ({ after }: AuditPageRequest) =>
  after === null ? sql.fragment`true` : sql.fragment`(occurred_at, id) < (${after.occurredAt}::timestamptz, ${after.id}::uuid)`;

const listQuery = (filters: AuditFilters, page: AuditPageRequest) => sql.type(EventRow)`
  SELECT ${eventColumns}
  FROM audit.audit_events
  WHERE ${indexedFilters(filters)} AND ${afterPage(page)}
  ORDER BY occurred_at DESC, id DESC
  LIMIT ${page.limit + 1}`;

const lookingQuery = (filters: AuditFilters, page: AuditPageRequest) => sql.type(EventRow)`
  SELECT ${eventColumns}
  FROM (
    SELECT ${eventColumns}
    FROM audit.audit_events
    WHERE ${indexedFilters(filters)} AND ${afterPage(page)}
    ORDER BY occurred_at DESC, id DESC
    LIMIT ${lookedAtMax}
  ) AS looked_at
  WHERE ${lookingFilters(filters)}
  ORDER BY occurred_at DESC, id DESC
  LIMIT ${page.limit + 1}`;

const lookedAtEndQuery = (filters: AuditFilters, page: AuditPageRequest) => sql.type(PageEndRow)`
  SELECT occurred_at, id
  FROM audit.audit_events
  WHERE ${indexedFilters(filters)} AND ${afterPage(page)}
  ORDER BY occurred_at DESC, id DESC
  LIMIT 1 OFFSET ${lookedAtMax - 1}`;

/** Counts unsequenced events one by one: there are none except after an upgrade. */
const countQuery = sql.type(CountRow)`
  SELECT coalesce(head.size, 0)::int8 AS size, head.last_recorded_at, unplaced.unsequenced, unplaced.oldest_unsequenced_at,
         signed.size AS checkpoint_size, signed.created_at AS checkpoint_signed_at
  FROM (SELECT count(*)::int8 AS unsequenced, min(recorded_at) AS oldest_unsequenced_at
        FROM audit.audit_events WHERE leaf_index IS NULL) AS unplaced
  LEFT JOIN (SELECT size, last_recorded_at FROM audit.log_heads WHERE name = ${logName}) AS head ON true
  LEFT JOIN (SELECT size, created_at FROM audit.checkpoints ORDER BY size DESC LIMIT 1) AS signed ON true`;

const toCount = (found: RowOf<typeof CountRow>): StoredCount => ({
  lastRecordedAt: found.lastRecordedAt,
  size: found.size,
  unsequenced: found.unsequenced,
  oldestUnsequencedAt: found.oldestUnsequencedAt,
  checkpoint:
    found.checkpointSize === null || found.checkpointSignedAt === null
      ? null
      : { size: found.checkpointSize, signedAt: found.checkpointSignedAt },
});

export const createAuditEvents = (connection: Connection): Omit<AuditEvents, 'record'> => ({
  async list(filters, page) {
    const query = needsLooking(filters) ? lookingQuery(filters, page) : listQuery(filters, page);
    return (await connection.any(query)).map(toEvent);
  },
  lookedAtEnd: (filters, page) => connection.maybeOne(lookedAtEndQuery(filters, page)),
  async find(id) {
    const found = await connection.maybeOne(
      sql.type(EventRow)`SELECT ${eventColumns} FROM audit.audit_events WHERE id = ${id}::uuid`,
    );
    return found === null ? null : toEvent(found);
  },
  async missing(ids) {
    const rows = await connection.any(sql.type(IdRow)`
      SELECT asked.id FROM unnest(${sql.array([...ids], 'uuid')}) AS asked (id)
      WHERE NOT EXISTS (SELECT 1 FROM audit.audit_events AS event WHERE event.id = asked.id)
        AND NOT EXISTS (SELECT 1 FROM audit.removed_events AS gone WHERE gone.id = asked.id)
        AND NOT EXISTS (SELECT 1 FROM audit.rejected_events AS rejected WHERE rejected.id = asked.id)`);
    return rows.map(({ id }) => id);
  },
  count: async () => toCount(await connection.one(countQuery)),
});
