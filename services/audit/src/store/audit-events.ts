import { gather, leftJoined, row, sql, unmeasuredArray, type Connection, type Fragment, type RowOf } from '@guildhall/db';
import type { EventContent } from '@guildhall/resources';
import { Type } from 'typebox';
import type { AuditEvents, AuditFilters, AuditPageRequest, StoredCount } from '../core/trail/audit-events.ts';
import { lookedAtMax, needsLooking } from '../core/trail/event-filters.ts';
import { entryColumns, EntryRow, inTree, loggedColumns, LoggedRow, PlacedEntryRow, toContent, toEntry } from './event-rows.ts';
import { indexedFilters, lookingFilters } from './filter-events.ts';
import { logName } from './log-name.ts';
import { auditEvents, logHeads, rejectedEvents, removedEvents } from './tables.ts';
import { isUnsequenced } from './unplaced-rows.ts';

const PageEndRow = row([auditEvents], { occurredAt: Type.String(), id: Type.String() });
const IdRow = row([removedEvents], { id: Type.String() });
const LetterRow = row([rejectedEvents], { id: Type.String(), raw: Type.Unknown() });
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

const listQuery = (filters: AuditFilters, page: AuditPageRequest) => sql.type(EntryRow)`
  SELECT ${entryColumns}
  FROM audit.audit_events
  WHERE ${inTree} AND ${indexedFilters(filters)} AND ${afterPage(page)}
  ORDER BY occurred_at DESC, id DESC
  LIMIT ${page.limit + 1}`;

const lookingQuery = (filters: AuditFilters, page: AuditPageRequest) => sql.type(EntryRow)`
  SELECT ${entryColumns}
  FROM (
    SELECT ${loggedColumns}, leaf_index, leaf_hash
    FROM audit.audit_events
    WHERE ${inTree} AND ${indexedFilters(filters)} AND ${afterPage(page)}
    ORDER BY occurred_at DESC, id DESC
    LIMIT ${lookedAtMax}
  ) AS looked_at
  WHERE ${lookingFilters(filters)}
  ORDER BY occurred_at DESC, id DESC
  LIMIT ${page.limit + 1}`;

/** Two readings in the order of their indexes: one condition with OR would be answered by reading the whole trail. */
const listAboutQuery = (userId: string, filters: AuditFilters, page: AuditPageRequest) => {
  const half = (isOfPerson: Fragment): Fragment => sql.fragment`(
    SELECT ${loggedColumns}, leaf_index, leaf_hash
    FROM audit.audit_events
    WHERE ${inTree} AND ${isOfPerson} AND ${indexedFilters(filters)} AND ${afterPage(page)}
    ORDER BY occurred_at DESC, id DESC
    LIMIT ${page.limit + 1}
  )`;
  return sql.type(EntryRow)`
    SELECT ${entryColumns}
    FROM (
      ${half(sql.fragment`actor_id = ${userId}`)}
      UNION ALL
      ${half(sql.fragment`resource_id = ${userId} AND resource_type = 'user' AND actor_id <> ${userId}`)}
    ) AS own
    ORDER BY occurred_at DESC, id DESC
    LIMIT ${page.limit + 1}`;
};

const lookedAtEndQuery = (filters: AuditFilters, page: AuditPageRequest) => sql.type(PageEndRow)`
  SELECT occurred_at, id
  FROM audit.audit_events
  WHERE ${inTree} AND ${indexedFilters(filters)} AND ${afterPage(page)}
  ORDER BY occurred_at DESC, id DESC
  LIMIT 1 OFFSET ${lookedAtMax - 1}`;

/** Counts unsequenced events one by one: there are none except in the first minutes after an upgrade from a version without a log. */
const countQuery = sql.type(CountRow)`
  SELECT coalesce(head.size, 0)::int8 AS size, head.last_recorded_at, unplaced.unsequenced, unplaced.oldest_unsequenced_at,
         signed.size AS checkpoint_size, signed.created_at AS checkpoint_signed_at
  FROM (SELECT count(*)::int8 AS unsequenced, min(recorded_at) AS oldest_unsequenced_at
        FROM audit.audit_events WHERE ${isUnsequenced}) AS unplaced
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

/** The message in a dead letter; JSON that the database cannot hold is kept as its text. Null for what has no id and time. */
const contentIn = (kept: unknown): EventContent | null => {
  const raw = typeof kept === 'string' ? parsed(kept) : kept;
  if (typeof raw !== 'object' || raw === null) return null;
  const { id, kind, occurredAt, payload } = raw as Readonly<Record<keyof EventContent, unknown>>;
  return typeof id === 'string' && typeof kind === 'string' && typeof occurredAt === 'string'
    ? { id, kind, occurredAt, payload }
    : null;
};

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};

/** Reads events by id; those that are asked for at a time, by one statement. */
const findEvents = (connection: Connection): AuditEvents['find'] => {
  const find = gather<string, RowOf<typeof EntryRow>>({
    one: (id) =>
      connection.maybeOne(
        sql.type(EntryRow)`SELECT ${entryColumns} FROM audit.audit_events WHERE ${inTree} AND id = ${id}::uuid`,
      ),
    many: (ids) =>
      connection.any(sql.type(PlacedEntryRow)`
        SELECT ${entryColumns}, asked.place
        FROM unnest(${unmeasuredArray(ids, 'uuid')}) WITH ORDINALITY AS asked (asked_id, place)
        JOIN audit.audit_events ON id = asked.asked_id
        WHERE ${inTree}`),
    keyOf: (id) => id,
  });
  return async (id) => {
    const found = await find(id);
    return found === null ? null : toEntry(found);
  };
};

export const createAuditEvents = (connection: Connection): Omit<AuditEvents, 'record'> => ({
  async list(filters, page) {
    const query = needsLooking(filters) ? lookingQuery(filters, page) : listQuery(filters, page);
    return (await connection.any(query)).map(toEntry);
  },
  listAbout: async (userId, filters, page) => (await connection.any(listAboutQuery(userId, filters, page))).map(toEntry),
  lookedAtEnd: (filters, page) => connection.maybeOne(lookedAtEndQuery(filters, page)),
  find: findEvents(connection),
  async findKept(ids) {
    const asked = sql.array([...ids], 'uuid');
    const [stored, letters, removed] = await Promise.all([
      connection.any(sql.type(LoggedRow)`SELECT ${loggedColumns} FROM audit.audit_events WHERE id = ANY(${asked})`),
      connection.any(sql.type(LetterRow)`SELECT id, raw FROM audit.rejected_events WHERE id = ANY(${asked})`),
      connection.any(sql.type(IdRow)`SELECT id FROM audit.removed_events WHERE id = ANY(${asked})`),
    ]);
    return {
      stored: stored.map(toContent),
      deadLetters: letters.map(({ raw }) => contentIn(raw)).filter((letter) => letter !== null),
      removedIds: removed.map(({ id }) => id),
    };
  },
  count: async () => toCount(await connection.one(countQuery)),
});
