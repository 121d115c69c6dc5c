import type { CommunityPermission } from '@guildhall/contracts';
import { sql, type Fragment } from '@guildhall/db';
import type { WealthAudience } from '../core/wealth-store.ts';
import { callerRole, membershipOf, roleIncludes } from './access.ts';
import { hasCouncil, isOfCouncil } from './council-seats.ts';
import { scoreJoin } from './trust-rules.ts';

/**
 * Selects `community_id`, `role`, `score` and `sees_all` if the user holds the permission in the community; no row otherwise.
 * For a materialised CTE `access`, so that the score is counted once and not for each row.
 */
export const scoredAccess = (userId: string, communityId: string, permission: CommunityPermission): Fragment => sql.fragment`
  SELECT community.id AS community_id, ${callerRole}, scored.score, ${roleIncludes('wealth:moderate')} AS sees_all
  FROM team.communities AS community
  ${membershipOf(userId)}
  ${scoreJoin(sql.fragment`membership.user_id`)}
  WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL AND ${roleIncludes(permission)}`;

/**
 * The condition that the user contributed to the pool that the row `w` is shared with, or belongs to its council; null for a deleted
 * pool. A scalar subquery looks the pool up by its key; for EXISTS the planner may read all pools into a hash table.
 */
const isOfPool = (userId: string): Fragment => sql.fragment`(
  SELECT EXISTS (
    SELECT 1 FROM team.pool_contributions AS given
    WHERE given.pool_id = pool.id AND given.created_by = ${userId} AND given.kind = 'contribution'
  ) OR ${isOfCouncil(sql.fragment`pool.council_id`, userId)}
  FROM team.pools AS pool WHERE pool.id = w.pool_id AND pool.deleted_at IS NULL)`;

/** The condition that the user belongs to the council or the pool that the row `w` is shared with; true without one. */
const isShared = (userId: string): Fragment => sql.fragment`
  (w.council_id IS NULL OR ${isOfCouncil(sql.fragment`w.council_id`, userId)}) AND (w.pool_id IS NULL OR ${isOfPool(userId)})`;

/** The condition that the user of the CTE `access` sees the row `w` of wealth. */
export const seesWealth = (userId: string): Fragment => sql.fragment`
  w.community_id = access.community_id AND (
    w.created_by = ${userId} OR access.sees_all OR (w.min_trust_required <= access.score AND ${isShared(userId)})
  )`;

/** The condition that the community whose id is in `communityId` has the council or the pool; true without both. */
export const hasAudience = (communityId: Fragment, { councilId, poolId }: WealthAudience): Fragment =>
  poolId === null
    ? hasCouncil(communityId, councilId)
    : sql.fragment`EXISTS (
        SELECT 1 FROM team.pools AS pool
        WHERE pool.id = ${poolId}::uuid AND pool.community_id = ${communityId} AND pool.deleted_at IS NULL)`;

/** The condition that the row `w` of wealth is offered now, by the clock of the database. */
export const isOffered: Fragment = sql.fragment`
  w.status = 'active' AND w.deleted_at IS NULL AND (w.expires_at IS NULL OR w.expires_at > now())`;

/** The status of the row `w` of wealth: what is active is expired from its time on. */
export const wealthStatus: Fragment = sql.fragment`
  CASE WHEN w.status = 'active' AND w.expires_at <= now() THEN 'expired' ELSE w.status END`;
