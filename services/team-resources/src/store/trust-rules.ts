import { sql, type Fragment } from '@guildhall/db';
import { membershipIncludes } from './access.ts';

/** The rules of trust as SQL, so that the statement that needs a score decides by it. */

/** The least and the most that a share asks for: a community of few members can reach every one. */
const thresholdMin = 1;
const thresholdMax = 15;
/** The table of memberships, in whose place a statement may put a CTE. */
export const storedMemberships = sql.fragment`team.resource_memberships`;

/**
 * The score that the threshold in `column` of the joined `community` asks for: a number, or a share of the active members,
 * those whose membership is in force, rounded up.
 */
export const thresholdScore = (column: Fragment, memberships = storedMemberships): Fragment => sql.fragment`
  CASE ${column}->>'type'
    WHEN 'share' THEN LEAST(${thresholdMax}::numeric, GREATEST(${thresholdMin}::numeric, ceil((${column}->>'value')::numeric * (
      SELECT count(active.user_id) FROM ${memberships} AS active
      WHERE active.resource_id = community.id AND active.resource_type = 'community' AND active.deleted_at IS NULL
    )::numeric)))
    ELSE (${column}->>'value')::numeric
  END`;

/** The score that vouching for others asks for: never 0, or accounts that nobody vouched for could vouch for each other. */
export const awardThresholdAmong = (memberships: Fragment): Fragment => sql.fragment`
  GREATEST(${thresholdMin}::numeric, ${thresholdScore(sql.fragment`community.min_trust_to_award_trust`, memberships)})`;
export const awardThreshold: Fragment = awardThresholdAmong(storedMemberships);

/** The condition that the joined membership stands above thresholds: admins and owners do, who may grant every score. */
export const standsAbove = (ownRoles?: Fragment): Fragment =>
  membershipIncludes(sql.fragment`membership`, 'trust:grant', ownRoles);
export const standsAboveThresholds: Fragment = standsAbove();

/** The title that the score in `score` reaches, of the joined `community`: the highest one. */
export const titleOf = (score: Fragment): Fragment => sql.fragment`COALESCE((
  SELECT title.value->>'name' FROM jsonb_array_elements(community.trust_titles->'titles') AS title (value)
  WHERE (title.value->>'minScore')::numeric <= ${score}
  ORDER BY (title.value->>'minScore')::numeric DESC LIMIT 1), '')`;

/** Joins the `scored` row of the user in the view of trust scores, in the joined `community`. */
export const scoreJoin = (userId: Fragment): Fragment => sql.fragment`
  JOIN team.trust_scores AS scored ON scored.community_id = community.id AND scored.user_id = ${userId}`;

/**
 * Selects `user_id` and `score` of every member of a community: the scores of the view `team.trust_scores`, which counts the awards
 * of one member after the other. A test holds the two together.
 */
export const scoresOfAll = (communityId: string, memberships: Fragment): Fragment => sql.fragment`
  SELECT member.user_id, (COALESCE(counted.awards, 0) + COALESCE(granted.points, 0))::int8 AS score
  FROM ${memberships} AS member
  LEFT JOIN (
    SELECT award.to_user_id, count(award.id) AS awards
    FROM team.trust_awards AS award
    JOIN ${memberships} AS giver
      ON giver.resource_id = ${communityId}::uuid AND giver.resource_type = 'community' AND giver.user_id = award.from_user_id
     AND giver.deleted_at IS NULL
    WHERE award.community_id = ${communityId}::uuid AND award.deleted_at IS NULL
    GROUP BY award.to_user_id
  ) AS counted ON counted.to_user_id = member.user_id
  LEFT JOIN team.trust_grants AS granted ON granted.community_id = ${communityId}::uuid AND granted.user_id = member.user_id
  WHERE member.resource_id = ${communityId}::uuid AND member.resource_type = 'community' AND member.deleted_at IS NULL`;

/** Selects `user_id` and `score` of one member of a community. */
export const scoreOfOne = (communityId: string, userId: string): Fragment => sql.fragment`
  SELECT scored.user_id, scored.score::int8 AS score FROM team.trust_scores AS scored
  WHERE scored.community_id = ${communityId}::uuid AND scored.user_id = ${userId}`;
