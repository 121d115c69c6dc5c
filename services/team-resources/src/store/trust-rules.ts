import { sql, type Fragment } from '@guildhall/db';
import { roleIncludes } from './access.ts';

/** The rules of trust as SQL, so that the statement that needs a score decides by it. */

/** The least and the most that a share asks for: a community of few members can reach every one. */
const thresholdMin = 1;
const thresholdMax = 15;

/**
 * The score that the threshold in `column` of the joined `community` asks for: a number, or a share of the active members,
 * those whose membership is in force, rounded up.
 */
export const thresholdScore = (column: Fragment): Fragment => sql.fragment`
  CASE ${column}->>'type'
    WHEN 'share' THEN LEAST(${thresholdMax}::numeric, GREATEST(${thresholdMin}::numeric, ceil((${column}->>'value')::numeric * (
      SELECT count(active.user_id) FROM team.resource_memberships AS active
      WHERE active.resource_id = community.id AND active.resource_type = 'community' AND active.deleted_at IS NULL
    )::numeric)))
    ELSE (${column}->>'value')::numeric
  END`;

/** The score that vouching for others asks for: never 0, or accounts that nobody vouched for could vouch for each other. */
export const awardThreshold: Fragment = sql.fragment`
  GREATEST(${thresholdMin}::numeric, ${thresholdScore(sql.fragment`community.min_trust_to_award_trust`)})`;

/** The condition that the joined membership stands above thresholds: admins and owners do, who may grant every score. */
export const standsAboveThresholds: Fragment = roleIncludes('trust:grant');

/** The title that the score in `score` reaches, of the joined `community`: the highest one. */
export const titleOf = (score: Fragment): Fragment => sql.fragment`COALESCE((
  SELECT title.value->>'name' FROM jsonb_array_elements(community.trust_titles->'titles') AS title (value)
  WHERE (title.value->>'minScore')::numeric <= ${score}
  ORDER BY (title.value->>'minScore')::numeric DESC LIMIT 1), '')`;

/** Joins the `scored` row of the user in the view of trust scores, in the joined `community`. */
export const scoreJoin = (userId: Fragment): Fragment => sql.fragment`
  JOIN team.trust_scores AS scored ON scored.community_id = community.id AND scored.user_id = ${userId}`;
