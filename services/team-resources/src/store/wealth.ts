import type { Wealth, WealthSort } from '@guildhall/contracts';
import { sql, uncheckedRow, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { KeyPosition } from '../core/sorted-cursor.ts';
import type { WealthFilter, WealthStore } from '../core/wealth-store.ts';
import { callerRole, membershipOf, roleIncludes } from './access.ts';
import { toTarget } from './create-target.ts';
import { containsText, earlierJoin, recordEvents, timestamp, visibleRows } from './fragments.ts';
import { scoreJoin, standsAboveThresholds, thresholdScore } from './trust-rules.ts';
import { hasAudience, isOffered, scoredAccess, seesWealth, wealthStatus } from './wealth-access.ts';
import { FoundRow, ListedRow, makerJoin, StatusRow, TargetRow, wealthColumns } from './wealth-rows.ts';
import { insertOnce } from './writes.ts';

const AudienceRow = uncheckedRow({ isThere: Type.Boolean() });

const yes = sql.fragment`true`;

const hasStatus = (status: Wealth['status']): Fragment =>
  ({
    active: isOffered,
    expired: sql.fragment`w.status = 'active' AND w.expires_at <= now()`,
    fulfilled: sql.fragment`w.status = 'fulfilled'`,
    cancelled: sql.fragment`w.status = 'cancelled'`,
  })[status];

/** The condition for what is listed; what was deleted, for who may restore it and whatever its status. */
const isListed = ({ status, isDeleted }: WealthFilter, userId: string): Fragment =>
  isDeleted
    ? sql.fragment`w.deleted_at IS NOT NULL AND (w.created_by = ${userId} OR access.sees_all)`
    : sql.fragment`w.deleted_at IS NULL AND ${hasStatus(status)}`;

const matches = ({ type, category, councilId, createdBy, poolId, q }: WealthFilter): Fragment => sql.fragment`
  ${type === undefined ? yes : sql.fragment`w.type = ${type}`}
  AND ${category === undefined ? yes : sql.fragment`w.category = ${category}`}
  AND ${councilId === undefined ? yes : sql.fragment`w.council_id = ${councilId}::uuid`}
  AND ${poolId === undefined ? yes : sql.fragment`w.pool_id = ${poolId}::uuid`}
  AND ${createdBy === undefined ? yes : sql.fragment`w.created_by = ${createdBy}`}
  AND ${containsText(sql.fragment`w.title`, q)}`;

/** The time by which wealth is sorted: `neverExpires` of the core for what has none. It stands in the text as it does in the index: a parameter matches no index. */
const expiry = (table: Fragment): Fragment =>
  sql.fragment`COALESCE(${table}.expires_at, '9999-12-31T23:59:59.999Z'::timestamptz)`;

const orderBy = (sort: WealthSort, table: Fragment): Fragment =>
  ({
    newest: sql.fragment`${table}.created_at DESC, ${table}.id DESC`,
    expiring: sql.fragment`${expiry(table)}, ${table}.id`,
    title: sql.fragment`${table}.title, ${table}.id`,
  })[sort];

const afterWealth = (sort: WealthSort, after: KeyPosition | null): Fragment => {
  if (after === null) return yes;
  const { key, id } = after;
  if (sort === 'newest') return sql.fragment`(w.created_at, w.id) < (${timestamp(key)}, ${id}::uuid)`;
  if (sort === 'expiring') return sql.fragment`(${expiry(sql.fragment`w`)}, w.id) > (${timestamp(key)}, ${id}::uuid)`;
  return sql.fragment`(w.title, w.id) > (${key}::text, ${id}::uuid)`;
};

const reads = (connection: Connection): Pick<WealthStore, 'list' | 'find' | 'findCreateTarget' | 'hasAudience'> => ({
  async list(userId, communityId, filter, { limit, after }) {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS MATERIALIZED (${scoredAccess(userId, communityId, 'wealth:read')})
      SELECT listed.id, listed.community_id, listed.type, listed.title, listed.description, listed.category, listed.council_id, listed.pool_id,
             listed.quantity, listed.quantity_left, listed.min_trust_required, listed.status, listed.expires_at, listed.created_by,
             listed.created_by_name, listed.version, listed.created_at, listed.updated_at
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${wealthColumns} FROM team.wealth AS w ${makerJoin}
        WHERE w.community_id = ${communityId}::uuid AND ${seesWealth(userId)} AND ${isListed(filter, userId)} AND ${matches(filter)} AND ${afterWealth(filter.sort, after)}
        ORDER BY ${orderBy(filter.sort, sql.fragment`w`)} LIMIT ${limit}
      ) AS listed ON true
      ORDER BY ${orderBy(filter.sort, sql.fragment`listed`)}`);
    return visibleRows<Wealth>(rows);
  },
  async find(userId, { communityId, wealthId }) {
    const found = await connection.maybeOne(sql.type(FoundRow)`
      WITH access AS MATERIALIZED (${scoredAccess(userId, communityId, 'wealth:read')})
      SELECT ${wealthColumns}, w.quantity_taken, w.deleted_at IS NOT NULL AS is_deleted, access.role
      FROM access JOIN team.wealth AS w ON ${seesWealth(userId)} AND w.id = ${wealthId}::uuid ${makerJoin}`);
    if (found === null) return undefined;
    const { quantityTaken, isDeleted, role, ...item } = found;
    return { item, quantityTaken, isDeleted, role };
  },
  findCreateTarget: async (userId, communityId, audience, key) =>
    toTarget(
      await connection.maybeOne(sql.type(TargetRow)`
        SELECT ${callerRole}, app_user.display_name, scored.score, earlier.request_hash, earlier.answer,
               CASE WHEN ${standsAboveThresholds} THEN 0 ELSE ${thresholdScore(sql.fragment`community.min_trust_for_wealth`)} END::int8
                 AS needed_score,
               ${hasAudience(sql.fragment`community.id`, audience)} AS has_audience
        FROM team.communities AS community
        ${membershipOf(userId)}
        ${scoreJoin(sql.fragment`membership.user_id`)}
        JOIN team.app_users AS app_user ON app_user.id = membership.user_id
        ${earlierJoin(userId, key)}
        WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL`),
    ),
  async hasAudience(communityId, audience) {
    const { isThere } = await connection.one(sql.type(AudienceRow)`
      SELECT ${hasAudience(sql.fragment`${communityId}::uuid`, audience)} AS is_there`);
    return isThere;
  },
});

/** Selects the community if the user may offer wealth there, by role and trust score. */
const offerAccess = (userId: string, communityId: string): Fragment => sql.fragment`
  SELECT community.id AS community_id
  FROM team.communities AS community
  ${membershipOf(userId)}
  ${scoreJoin(sql.fragment`membership.user_id`)}
  WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL AND ${roleIncludes('wealth:create')}
    AND (${standsAboveThresholds} OR scored.score >= ${thresholdScore(sql.fragment`community.min_trust_for_wealth`)})`;

export const createWealthStore = (connection: Connection): WealthStore => ({
  ...reads(connection),
  async insert(made, write, remembered) {
    const { id, communityId, type, title, description, category, councilId, poolId, quantity, createdAt } = made;
    const { minTrustRequired, expiresAt } = made;
    return await insertOnce(connection, write, remembered, {
      access: offerAccess(write.userId, communityId),
      condition: hasAudience(sql.fragment`access.community_id`, made),
      insert: sql.fragment`
        INSERT INTO team.wealth (id, community_id, type, title, description, category, council_id, pool_id, quantity,
                                 min_trust_required, expires_at, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, access.community_id, ${type}::text, ${title}::text, ${description}::text, ${category}::text,
               ${councilId}::uuid, ${poolId}::uuid, ${quantity}::int8, ${minTrustRequired}::int8, ${expiresAt}::timestamptz, ${write.userId}::text, 1::int8,
               ${timestamp(createdAt)}, ${timestamp(createdAt)}
        FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
        RETURNING id`,
    });
  },
  async save(next, isDeleted, { userId, event }) {
    const { id, communityId, title, description, category, councilId, poolId, quantity, version, updatedAt } = next;
    const { minTrustRequired, expiresAt } = next;
    // Expired is what the clock makes of what is active.
    const status = next.status === 'expired' ? 'active' : next.status;
    const saved = await connection.maybeOne(sql.type(StatusRow)`
      WITH access AS MATERIALIZED (${scoredAccess(userId, communityId, 'wealth:update')}),
      saved AS (
        UPDATE team.wealth AS w
        SET title = ${title}, description = ${description}, category = ${category}, council_id = ${councilId}::uuid, pool_id = ${poolId}::uuid,
            quantity = ${quantity}::int8,
            min_trust_required = ${minTrustRequired}::int8, expires_at = ${expiresAt}::timestamptz, status = ${status},
            version = ${version}::int8, updated_at = ${timestamp(updatedAt)}, deleted_at = ${isDeleted ? updatedAt : null}::timestamptz
        FROM access
        WHERE w.id = ${id}::uuid AND w.community_id = access.community_id AND w.version = ${version - 1}::int8
          AND (w.created_by = ${userId} OR access.sees_all)
          AND (w.council_id IS NOT DISTINCT FROM ${councilId}::uuid AND w.pool_id IS NOT DISTINCT FROM ${poolId}::uuid
               OR ${hasAudience(sql.fragment`access.community_id`, next)})
        RETURNING w.id, ${wealthStatus} AS status
      ),
      ${recordEvents(event)}
      SELECT id, status FROM saved`);
    return saved?.status;
  },
});
