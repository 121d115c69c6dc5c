import type { Need, NeedSort } from '@guildhall/contracts';
import { leftJoined, row, sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { NeedFilter, NeedStore, NeedSubject } from '../core/need-store.ts';
import type { KeyPosition } from '../core/sorted-cursor.ts';
import { accessIncludes, communityAccess } from './access.ts';
import { hasCouncil, isOfCouncil } from './council-seats.ts';
import { toTarget } from './create-target.ts';
import { afterTime } from './forum-fragments.ts';
import { containsText, createdByName, creatorJoin, earlierJoin, recordEvents, timestamp, visibleRows } from './fragments.ts';
import { earlierColumns, nullable, partial, Role, versionedColumns } from './rows.ts';
import { appUsers, idempotencyKeys, needs, resourceMemberships } from './tables.ts';
import { scoredAccess, seesWealth } from './wealth-access.ts';
import { insertOnce } from './writes.ts';

const Status = Type.Enum(['open', 'met', 'cancelled']);
const columns = {
  ...versionedColumns,
  communityId: Type.String(),
  title: Type.String(),
  description: Type.String(),
  quantity: Type.Integer(),
  timesMet: Type.Integer(),
  isOfCommunity: Type.Boolean(),
};
const nullableColumns = {
  councilId: nullable(Type.String()),
  intervalDays: nullable(Type.Integer()),
  metAt: nullable(Type.String()),
};
const metByWealthId = nullable(Type.String());
const computed = { status: Status, createdByName: Type.String() };
/** Left-joined to the CTE `access`: one row without a need means that the list is empty. */
const ListedRow = row([leftJoined(needs)], { ...partial(columns), ...nullableColumns }, { ...partial(computed), metByWealthId });
const FoundRow = row(
  [needs, resourceMemberships],
  { ...columns, ...nullableColumns, role: Role },
  { ...computed, metByWealthId, isDeleted: Type.Boolean(), mayChange: Type.Boolean() },
);
const TargetRow = row(
  [resourceMemberships, appUsers, leftJoined(idempotencyKeys)],
  { role: Role, displayName: Type.String(), ...earlierColumns },
  { hasCouncil: Type.Boolean(), mayState: Type.Boolean() },
);
const StateRow = row([needs], { id: Type.String(), metAt: nullable(Type.String()) }, { status: Status });
const KnownRow = uncheckedRow({ isKnown: Type.Boolean() });

const table = sql.fragment`need`;

/** The status of the row `need`: a recurring one that was met is open again from its time on. */
const needStatus: Fragment = sql.fragment`CASE WHEN need.status = 'met' AND need.reopens_at <= now() THEN 'open' ELSE need.status END`;

/** The condition that the row `need` has the status. Apart from `needStatus`, so that the planner can tell how many have it. */
const hasStatus = (status: Need['status']): Fragment =>
  ({
    open: sql.fragment`(need.status = 'open' OR (need.status = 'met' AND need.reopens_at <= now()))`,
    met: sql.fragment`need.status = 'met' AND (need.reopens_at IS NULL OR need.reopens_at > now())`,
    cancelled: sql.fragment`need.status = 'cancelled'`,
  })[status];

const needColumns: Fragment = sql.fragment`
  need.id, need.community_id, need.title, need.description, need.quantity, need.interval_days, need.council_id,
  need.is_of_community, ${needStatus} AS status,
  need.times_met, need.wealth_id AS met_by_wealth_id, need.met_at, need.created_by,
  ${createdByName}, need.version, need.created_at, need.updated_at`;

const communityOfAccess = sql.fragment`access.community_id`;

/** The condition that the user of the CTE `access` may change the row `need`: whose it is, a member of its council, admins and owners. */
const mayChange = (userId: string): Fragment => sql.fragment`(
  ${accessIncludes('need:moderate')}
  OR (need.council_id IS NULL AND NOT need.is_of_community AND need.created_by = ${userId})
  OR ${isOfCouncil(sql.fragment`need.council_id`, userId)})`;

/** The condition that the user of the CTE `access` may state such a need. */
const mayState = ({ councilId, isOfCommunity }: NeedSubject, userId: string): Fragment => {
  if (councilId === null && !isOfCommunity) return sql.fragment`true`;
  const isSeated = councilId === null ? sql.fragment`false` : isOfCouncil(sql.fragment`${councilId}::uuid`, userId);
  return sql.fragment`(${accessIncludes('need:moderate')} OR ${isSeated})`;
};

/** The condition for what is listed; what was deleted, for who may restore it and whatever its status. */
const isListed = (
  { status, createdBy, councilId, isOfCommunity, q, isDeleted }: NeedFilter,
  userId: string,
): Fragment => sql.fragment`
  ${
    isDeleted
      ? sql.fragment`need.deleted_at IS NOT NULL AND ${mayChange(userId)}`
      : sql.fragment`need.deleted_at IS NULL AND ${hasStatus(status)}`
  }
  AND ${createdBy === undefined ? sql.fragment`true` : sql.fragment`need.created_by = ${createdBy}`}
  AND ${councilId === undefined ? sql.fragment`true` : sql.fragment`need.council_id = ${councilId}::uuid`}
  AND ${isOfCommunity === undefined ? sql.fragment`true` : sql.fragment`need.is_of_community = ${isOfCommunity}`}
  AND ${containsText(sql.fragment`need.title`, q)}`;

const orderBy = (sort: NeedSort, rows: Fragment): Fragment =>
  ({
    newest: sql.fragment`${rows}.created_at DESC, ${rows}.id DESC`,
    oldest: sql.fragment`${rows}.created_at, ${rows}.id`,
    title: sql.fragment`lower(${rows}.title), ${rows}.id`,
  })[sort];

const afterNeed = (sort: NeedSort, after: KeyPosition | null): Fragment => {
  if (after === null) return sql.fragment`true`;
  const { key, id } = after;
  if (sort === 'title') return sql.fragment`(lower(need.title), need.id) > (lower(${key}::text), ${id}::uuid)`;
  return afterTime(sql.fragment`need.created_at`, sql.fragment`need.id`, sort === 'oldest', { time: key, id });
};

const reads = (connection: Connection): Pick<NeedStore, 'list' | 'find' | 'findCreateTarget' | 'hasWealth'> => ({
  async list(userId, communityId, filter, { limit, after }) {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'need:read')})
      SELECT listed.id, listed.community_id, listed.title, listed.description, listed.quantity, listed.interval_days,
             listed.council_id, listed.is_of_community, listed.status, listed.times_met, listed.met_by_wealth_id, listed.met_at, listed.created_by, listed.created_by_name, listed.version,
             listed.created_at, listed.updated_at
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${needColumns} FROM team.needs AS need ${creatorJoin(table)}
        WHERE need.community_id = ${communityId}::uuid AND ${isListed(filter, userId)}
          AND ${afterNeed(filter.sort, after)}
        ORDER BY ${orderBy(filter.sort, table)} LIMIT ${limit}
      ) AS listed ON true
      ORDER BY ${orderBy(filter.sort, sql.fragment`listed`)}`);
    return visibleRows<Need>(rows);
  },
  async find(userId, { communityId, needId }) {
    const found = await connection.maybeOne(sql.type(FoundRow)`
      WITH access AS (${communityAccess(userId, communityId, 'need:read')})
      SELECT ${needColumns}, need.deleted_at IS NOT NULL AS is_deleted, ${mayChange(userId)} AS may_change, access.role
      FROM access JOIN team.needs AS need ON need.community_id = access.community_id AND need.id = ${needId}::uuid ${creatorJoin(table)}`);
    if (found === null) return undefined;
    const { isDeleted, mayChange: isChangeable, role, ...item } = found;
    return { item, isDeleted, mayChange: isChangeable, role };
  },
  findCreateTarget: async (userId, communityId, subject, key) =>
    toTarget(
      await connection.maybeOne(sql.type(TargetRow)`
        WITH access AS (${communityAccess(userId, communityId, 'need:read')})
        SELECT access.role, app_user.display_name, ${hasCouncil(communityOfAccess, subject.councilId)} AS has_council,
               ${mayState(subject, userId)} AS may_state, earlier.request_hash, earlier.answer
        FROM access JOIN team.app_users AS app_user ON app_user.id = ${userId} ${earlierJoin(userId, key)}`),
    ),
  async hasWealth(userId, communityId, wealthId) {
    const { isKnown } = await connection.one(sql.type(KnownRow)`
      WITH access AS MATERIALIZED (${scoredAccess(userId, communityId, 'wealth:read')})
      SELECT EXISTS (
        SELECT 1 FROM access JOIN team.wealth AS w ON ${seesWealth(userId)}
        WHERE w.id = ${wealthId}::uuid AND w.deleted_at IS NULL
      ) AS is_known`);
    return isKnown;
  },
});

export const createNeeds = (connection: Connection): NeedStore => ({
  ...reads(connection),
  async insert(made, write, remembered) {
    const { id, communityId, title, description, quantity, intervalDays, councilId, isOfCommunity, createdAt } = made;
    return await insertOnce(connection, write, remembered, {
      access: communityAccess(write.userId, communityId, 'need:create'),
      condition: sql.fragment`${hasCouncil(communityOfAccess, councilId)} AND ${mayState(made, write.userId)}`,
      insert: sql.fragment`
        INSERT INTO team.needs (id, community_id, title, description, quantity, interval_days, council_id, is_of_community, created_by,
                                version, created_at, updated_at)
        SELECT ${id}::uuid, access.community_id, ${title}::text, ${description}::text, ${quantity}::int8, ${intervalDays}::int8,
               ${councilId}::uuid, ${isOfCommunity}::bool, ${write.userId}::text, 1::int8, ${timestamp(createdAt)}, ${timestamp(createdAt)}
        FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
        RETURNING id`,
    });
  },
  async save(next, { isDeleted, isMetNow }, { userId, event }) {
    const { id, communityId, title, description, quantity, status, timesMet, metByWealthId: wealthId, version, updatedAt } = next;
    // A met need that is open again keeps its stored status: its time says that it is.
    const stored = status === 'open' ? sql.fragment`need.status` : sql.fragment`${status}`;
    const times = isMetNow
      ? sql.fragment`met_at = now(), reopens_at = now() + need.interval_days * interval '1 day',`
      : sql.fragment``;
    const saved = await connection.maybeOne(sql.type(StateRow)`
      WITH access AS (${communityAccess(userId, communityId, 'need:update')}),
      saved AS (
        UPDATE team.needs AS need
        SET title = ${title}, description = ${description}, quantity = ${quantity}::int8, status = ${stored}, ${times}
            times_met = ${timesMet}::int8, wealth_id = ${wealthId}::uuid, version = ${version}::int8,
            updated_at = ${timestamp(updatedAt)}, deleted_at = ${isDeleted ? updatedAt : null}::timestamptz
        FROM access
        WHERE need.id = ${id}::uuid AND need.community_id = access.community_id AND need.version = ${version - 1}::int8
          AND ${mayChange(userId)}
        RETURNING need.id, need.met_at, ${needStatus} AS status
      ),
      ${recordEvents(event)}
      SELECT id, met_at, status FROM saved`);
    return saved === null ? undefined : { status: saved.status, metAt: saved.metAt };
  },
});
