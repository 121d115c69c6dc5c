import type { TrustAward } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection, type Fragment } from '@guildhall/db';
import type { Position } from '@guildhall/resources';
import { Type } from 'typebox';
import type { TrustAwardStore, TrustAwardWrite } from '../core/trust-awards.ts';
import { callerRole, communityAccess, membershipOf, roleIncludes } from './access.ts';
import { recordEvents, timestamp, visibleRows } from './fragments.ts';
import { resourceMemberships, trustAwards } from './tables.ts';
import { awardThreshold, scoreJoin, standsAboveThresholds } from './trust-rules.ts';
import { Role } from './rows.ts';

const award = { id: Type.String(), fromUserId: Type.String(), toUserId: Type.String(), awardedAt: Type.String() };
const names = { fromName: Type.String(), toName: Type.String() };
const partial = <const T extends Parameters<typeof Type.Object>[0]>(fields: T) => Type.Partial(Type.Object(fields)).properties;
/** Left-joined to the CTE `access`: one row without an award means that the list is empty. */
const ListedRow = row([leftJoined(trustAwards)], partial(award), partial(names));
const DecisionRow = row(
  [leftJoined(trustAwards), resourceMemberships],
  { ...partial(award), role: Role },
  {
    ...partial(names),
    memberName: Type.Optional(Type.String()),
    score: Type.Integer(),
    neededScore: Type.Integer(),
  },
);
const SavedRow = row([trustAwards], { id: Type.String() });

/** The condition for a membership of the joined `community` that is in force. */
const isMember = (alias: Fragment, userId: Fragment): Fragment => sql.fragment`
  ${alias}.resource_id = community.id AND ${alias}.resource_type = 'community' AND ${alias}.user_id = ${userId}
  AND ${alias}.deleted_at IS NULL`;

const afterAward = (after: Position | null): Fragment =>
  after === null
    ? sql.fragment`true`
    : sql.fragment`(award.awarded_at, award.id) < (${timestamp(after.createdAt)}, ${after.id}::uuid)`;

const isOf = (column: Fragment, userId: string | undefined): Fragment =>
  userId === undefined ? sql.fragment`true` : sql.fragment`${column} = ${userId}`;

const list =
  (connection: Connection): TrustAwardStore['list'] =>
  async (userId, communityId, { from, to }, { limit, after }) => {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'trust:read')})
      SELECT listed.id, listed.from_user_id, listed.from_name, listed.to_user_id, listed.to_name, listed.awarded_at
      FROM access
      LEFT JOIN LATERAL (
        SELECT award.id, award.from_user_id, giver.display_name AS from_name, award.to_user_id, taker.display_name AS to_name,
               award.awarded_at
        FROM team.communities AS community
        JOIN team.trust_awards AS award ON award.community_id = community.id AND award.deleted_at IS NULL
        JOIN team.resource_memberships AS gives ON ${isMember(sql.fragment`gives`, sql.fragment`award.from_user_id`)}
        JOIN team.resource_memberships AS takes ON ${isMember(sql.fragment`takes`, sql.fragment`award.to_user_id`)}
        JOIN team.app_users AS giver ON giver.id = award.from_user_id
        JOIN team.app_users AS taker ON taker.id = award.to_user_id
        WHERE community.id = ${communityId}::uuid AND ${afterAward(after)}
          AND ${isOf(sql.fragment`award.from_user_id`, from)} AND ${isOf(sql.fragment`award.to_user_id`, to)}
        ORDER BY award.awarded_at DESC, award.id DESC LIMIT ${limit}
      ) AS listed ON true
      ORDER BY listed.awarded_at DESC, listed.id DESC`);
    return visibleRows<TrustAward>(rows);
  };

const find =
  (connection: Connection): TrustAwardStore['find'] =>
  async (userId, communityId, memberId) => {
    const found = await connection.maybeOne(sql.type(DecisionRow)`
      SELECT ${callerRole}, scored.score,
             CASE WHEN ${standsAboveThresholds} THEN 0 ELSE ${awardThreshold} END::int8
               AS needed_score,
             CASE WHEN member.user_id IS NULL THEN NULL ELSE taker.display_name END AS member_name,
             award.id, award.from_user_id, giver.display_name AS from_name, award.to_user_id, taker.display_name AS to_name,
             award.awarded_at
      FROM team.communities AS community
      ${membershipOf(userId)}
      ${scoreJoin(sql.fragment`membership.user_id`)}
      JOIN team.app_users AS giver ON giver.id = membership.user_id
      LEFT JOIN team.resource_memberships AS member ON ${isMember(sql.fragment`member`, sql.fragment`${memberId}`)}
      LEFT JOIN team.app_users AS taker ON taker.id = member.user_id
      LEFT JOIN team.trust_awards AS award
        ON award.community_id = community.id AND award.from_user_id = membership.user_id AND award.to_user_id = member.user_id
       AND award.deleted_at IS NULL
      WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL`);
    if (found === null) return undefined;
    const { role, score, neededScore, memberName, ...columns } = found;
    const inForce = columns.id === undefined ? undefined : (columns as TrustAward);
    return { role, score, neededScore, memberName, award: inForce };
  };

/** Selects the community if the user may vouch there, by role and score. */
const awardAccess = ({ userId, communityId }: TrustAwardWrite): Fragment => sql.fragment`
  SELECT community.id AS community_id
  FROM team.communities AS community
  ${membershipOf(userId)}
  ${scoreJoin(sql.fragment`membership.user_id`)}
  WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL AND ${roleIncludes('trust:award')}
    AND (${standsAboveThresholds} OR scored.score >= ${awardThreshold})`;

export const createTrustAwards = (connection: Connection): TrustAwardStore => ({
  list: list(connection),
  find: find(connection),
  async award(write) {
    const { id, userId, memberId, at, event } = write;
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${awardAccess(write)}),
      saved AS (
        INSERT INTO team.trust_awards AS award (id, community_id, from_user_id, to_user_id, awarded_at, created_at, updated_at)
        SELECT ${id}::uuid, access.community_id, ${userId}::text, member.user_id, ${timestamp(at)}, ${timestamp(at)}, ${timestamp(at)}
        FROM access
        JOIN team.resource_memberships AS member
          ON member.resource_id = access.community_id AND member.resource_type = 'community' AND member.user_id = ${memberId}
         AND member.deleted_at IS NULL
        ON CONFLICT (community_id, from_user_id, to_user_id) DO UPDATE
        SET awarded_at = excluded.awarded_at, updated_at = excluded.updated_at, deleted_at = NULL
        WHERE award.deleted_at IS NOT NULL
        RETURNING award.id
      ),
      ${recordEvents(event)}
      SELECT id FROM saved`);
    return saved !== null;
  },
  async withdraw({ communityId, userId, memberId, at, event }) {
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'trust:award')}),
      saved AS (
        UPDATE team.trust_awards AS award SET deleted_at = ${timestamp(at)}, updated_at = ${timestamp(at)}
        FROM access
        WHERE award.community_id = access.community_id AND award.from_user_id = ${userId} AND award.to_user_id = ${memberId}
          AND award.deleted_at IS NULL
        RETURNING award.id
      ),
      ${recordEvents(event)}
      SELECT id FROM saved`);
    return saved !== null;
  },
});
