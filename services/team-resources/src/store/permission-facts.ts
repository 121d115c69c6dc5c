import { leftJoined, row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { PermissionFactStore } from '../core/explain-permission.ts';
import { callerRole, communityAccess, membershipOf } from './access.ts';
import { resourceMemberships } from './tables.ts';
import { awardThreshold, scoreJoin, standsAboveThresholds, thresholdScore } from './trust-rules.ts';
import { BuiltInRole, Role } from './rows.ts';

/** Left-joined to the CTE `access`: a row without a role is of a user who does not belong to the community. */
const FactsRow = row(
  [leftJoined(resourceMemberships)],
  { role: Type.Optional(Role) },
  {
    rank: Type.Optional(BuiltInRole),
    score: Type.Optional(Type.Integer()),
    scoreToAwardTrust: Type.Optional(Type.Integer()),
    scoreForWealth: Type.Optional(Type.Integer()),
    isPollCreator: Type.Optional(Type.Boolean()),
  },
);

export const createPermissionFacts = (connection: Connection): PermissionFactStore => ({
  async find(callerId, communityId, userId) {
    const found = await connection.maybeOne(sql.type(FactsRow)`
      WITH access AS (${communityAccess(callerId, communityId, 'member:read')}),
      facts AS (
        SELECT community.id, ${callerRole}, membership.role AS rank, scored.score,
               CASE WHEN ${standsAboveThresholds} THEN 0 ELSE ${awardThreshold} END::int8 AS score_to_award_trust,
               CASE WHEN ${standsAboveThresholds} THEN 0
                    ELSE ${thresholdScore(sql.fragment`community.min_trust_for_wealth`)} END::int8 AS score_for_wealth,
               community.poll_creator_users = '[]'::jsonb
                 OR community.poll_creator_users @> jsonb_build_array(${userId}::text) AS is_poll_creator
        FROM team.communities AS community
        ${membershipOf(userId)}
        ${scoreJoin(sql.fragment`membership.user_id`)}
        WHERE community.id = ${communityId}::uuid
      )
      SELECT facts.role, facts.rank, facts.score, facts.score_to_award_trust, facts.score_for_wealth, facts.is_poll_creator
      FROM access LEFT JOIN facts ON facts.id = access.community_id`);
    if (found === null) return undefined;
    const { role, rank, score = 0, scoreToAwardTrust = 0, scoreForWealth = 0, isPollCreator = false } = found;
    return role === undefined || rank === undefined
      ? null
      : { role, rank, score, scoreToAwardTrust, scoreForWealth, isPollCreator };
  },
});
