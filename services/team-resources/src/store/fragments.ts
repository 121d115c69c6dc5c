import {
  idempotencyClaimFragment,
  outboxInsertFragment,
  row,
  sql,
  withoutNull,
  type AppendedMessage,
  type Connection,
  type Fragment,
} from '@guildhall/db';
import type { EarlierAnswer, Position, RememberedAnswer, SortedRequest } from '@guildhall/resources';
import type { OutboxMessage, CommunityPermission } from '@guildhall/contracts';
import { Type } from 'typebox';
import { accessIncludes } from './access.ts';
import { activityInsert } from './activity-insert.ts';
import type { Value } from './gathered-rows.ts';
import { idempotencyKeys } from './tables.ts';

/** The schema that this service owns. */
export const schema = 'team';

export const timestamp = (iso: Value): Fragment => sql.fragment`${iso}::timestamptz`;

/** Keyset pagination: the condition for rows after a position, newest first. */
export const afterPosition = (after: Position | null): Fragment =>
  after === null ? sql.fragment`true` : sql.fragment`(created_at, id) < (${timestamp(after.createdAt)}, ${after.id}::uuid)`;

/** The name of who created the row, once `creatorJoin` has joined them. */
export const createdByName: Fragment = sql.fragment`COALESCE(creator.display_name, '') AS created_by_name`;

/** Joins who created the row of `table`. */
export const creatorJoin = (table: Fragment): Fragment =>
  sql.fragment`LEFT JOIN team.app_users AS creator ON creator.id = ${table}.created_by`;

/** The condition for a list: rows of `table` that are there, or the soft-deleted ones, for whose role in the CTE `access` restores them. */
export const isInState = (table: Fragment, state: 'deleted' | null | undefined, permission: CommunityPermission): Fragment =>
  state === 'deleted'
    ? sql.fragment`${table}.deleted_at IS NOT NULL AND ${accessIncludes(permission)}`
    : sql.fragment`${table}.deleted_at IS NULL`;

/** Keyset pagination in one of two orders: the condition for rows of `table` after the position of the request. */
export const afterSorted = (table: Fragment, { sort, after }: SortedRequest): Fragment => {
  if (after === null) return sql.fragment`true`;
  return sort === 'name'
    ? sql.fragment`(lower(${table}.name), ${table}.id) > (lower(${after.name}::text), ${after.id}::uuid)`
    : sql.fragment`(${table}.created_at, ${table}.id) < (${timestamp(after.createdAt)}, ${after.id}::uuid)`;
};

/** The order of `afterSorted`. */
export const sortedBy = (table: Fragment, { sort }: Pick<SortedRequest, 'sort'>): Fragment =>
  sort === 'name' ? sql.fragment`lower(${table}.name), ${table}.id` : sql.fragment`${table}.created_at DESC, ${table}.id DESC`;

/** The condition that a text contains another one, in any case; true without one. */
export const containsText = (column: Fragment, text: string | undefined): Fragment =>
  text === undefined ? sql.fragment`true` : sql.fragment`strpos(lower(${column}), lower(${text}::text)) > 0`;

/**
 * The CTEs that record the events of a change when the CTE `saved` has a row: in the outbox, and as activities of the community, for
 * its members to see.
 */
export const recordEvents = (...events: readonly OutboxMessage[]): Fragment => {
  const isSaved = sql.fragment`EXISTS (SELECT 1 FROM saved)`;
  return recordWhere(events, { outbox: isSaved, activity: isSaved });
};

/** The CTEs that record those of the events of many changes whose ids `saved` selects. */
export const recordEach = (events: readonly AppendedMessage[], saved: Fragment): Fragment =>
  recordWhere(events, {
    outbox: sql.fragment`event.id IN (${saved})`,
    activity: sql.fragment`done.id IN (${saved})`,
  });

const recordWhere = (
  events: readonly AppendedMessage[],
  when: { readonly outbox: Fragment; readonly activity: Fragment },
): Fragment => {
  const activities = activityInsert(events, when.activity);
  return sql.fragment`
    outbox AS (${outboxInsertFragment(schema, events, when.outbox)})
    ${activities === undefined ? sql.fragment`` : sql.fragment`, activity AS (${activities})`}`;
};

/** The condition of a create: the CTE `access` has a row. */
const hasAccess = sql.fragment`EXISTS (SELECT 1 FROM access)`;

/**
 * Claims the Idempotency-Key of a create when the condition holds, and returns a row then; without a key to claim, too. All that decides
 * about the create belongs into the condition: a claimed key whose row was not inserted would answer for it later.
 */
export const claimKey = (userId: string, remembered: RememberedAnswer | null, condition: Fragment = hasAccess): Fragment =>
  remembered === null
    ? sql.fragment`SELECT 1 WHERE ${condition}`
    : idempotencyClaimFragment(
        schema,
        { key: remembered.key, principalId: userId, requestHash: remembered.requestHash },
        { status: 201, body: remembered.body },
        condition,
      );

/** Joins the earlier use of an Idempotency-Key: `request_hash` and `answer`, null if there was none. */
export const earlierJoin = (userId: Value, key: Value | undefined): Fragment => sql.fragment`
  LEFT JOIN team.idempotency_keys AS earlier
    ON earlier.principal_id = ${userId} AND earlier.key = ${key ?? null}::text AND earlier.expires_at > now()`;

/** Every claim of a key stores its answer. */
const EarlierRow = row([withoutNull(idempotencyKeys, 'answer')], {
  requestHash: Type.String(),
  answer: Type.Object({ body: Type.Unknown() }),
});

/** Reads the earlier use of an Idempotency-Key of a create without a parent. */
export const findEarlier = async (connection: Connection, userId: string, key: string): Promise<EarlierAnswer | null> => {
  const found = await connection.maybeOne(sql.type(EarlierRow)`
    SELECT request_hash, answer FROM team.idempotency_keys
    WHERE principal_id = ${userId} AND key = ${key} AND expires_at > now()`);
  return found === null ? null : { requestHash: found.requestHash, body: found.answer.body };
};

/**
 * Inserts the copy of a user whose event has not arrived yet, when the condition holds: a membership refers to one. Locks the copy, and
 * returns no row for a user who was erased, also at this moment.
 */
export const joinAppUser = (
  { userId, displayName }: { readonly userId: string; readonly displayName: string },
  condition: Fragment,
): Fragment =>
  sql.fragment`
    INSERT INTO team.app_users AS copy (id, display_name)
    SELECT ${userId}::text, ${displayName}::text WHERE ${condition}
    ON CONFLICT (id) DO UPDATE SET display_name = copy.display_name WHERE copy.erased_at IS NULL
    RETURNING id`;

/** The rows of a list that is left-joined to the CTE `access`: undefined without access, empty when access stands alone. */
export const visibleRows = <T extends { readonly id: string }>(rows: readonly Partial<T>[]): readonly T[] | undefined =>
  rows.length === 0 ? undefined : rows.filter((found): found is T => found.id !== undefined);
