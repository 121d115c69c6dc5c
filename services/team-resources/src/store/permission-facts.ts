import { leftJoined, row, sql, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { MemberWithFacts } from '../core/change-impact.ts';
import type { MemberFacts, PermissionFactStore } from '../core/explain-permission.ts';
import { communityAccess, heldRole } from './access.ts';
import { changedTables, storedTables, type ChangedRights, type RightsTables } from './changed-rights.ts';
import { Metrics } from './community-rows.ts';
import { disputeCouncils, handlesAmong } from './disputes.ts';
import { appUsers, communities, resourceMemberships } from './tables.ts';
import { awardThresholdAmong, scoreOfOne, scoresOfAll, standsAbove, thresholdScore, titleOf } from './trust-rules.ts';
import { BuiltInRole, partial, Role } from './rows.ts';

const columns = { role: Role, metricVisibilitySettings: Metrics };
const computed = {
  rank: BuiltInRole,
  score: Type.Integer(),
  title: Type.String(),
  scoreToAwardTrust: Type.Integer(),
  scoreForWealth: Type.Integer(),
  isPollCreator: Type.Boolean(),
  handlesDisputes: Type.Boolean(),
};
/** Left-joined to the CTE `access`: a row without a role is of a user who does not belong to the community. */
const FactsRow = row([leftJoined(resourceMemberships), leftJoined(communities)], partial(columns), partial(computed));
const MemberRow = row(
  [resourceMemberships, appUsers, communities],
  { ...columns, userId: Type.String(), displayName: Type.String() },
  computed,
);

interface FactSource {
  readonly tables: RightsTables;
  /** Selects `user_id` and `score` of the members whose facts are read. */
  readonly scores: Fragment;
  /** The condition for their `membership`. */
  readonly whose: Fragment;
}

const memberId = sql.fragment`membership.user_id`;

/**
 * The CTEs over which the facts of members are read. What is the same for all of them is computed once: what thresholds ask for,
 * the councils that handle disputes, the title of each score. The community's id is a value, so that the planner knows how large
 * the community is.
 */
const factTables = (communityId: string, { tables, scores, whose }: FactSource): Fragment => sql.fragment`
  measured AS MATERIALIZED (
    SELECT community.id, community.poll_creator_users, community.trust_titles, community.metric_visibility_settings,
           ${disputeCouncils} AS dispute_councils, ${awardThresholdAmong(tables.memberships)}::int8 AS award_score,
           ${thresholdScore(sql.fragment`community.min_trust_for_wealth`, tables.memberships)}::int8 AS wealth_score
    FROM ${tables.communities} AS community
    WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL
  ),
  scored AS MATERIALIZED (${scores}),
  titled AS MATERIALIZED (
    SELECT reached.score, ${titleOf(sql.fragment`reached.score`)} AS title
    FROM measured AS community, (SELECT DISTINCT scored.score FROM scored) AS reached
  ),
  facts AS (
    SELECT community.id, membership.user_id, ${heldRole(sql.fragment`membership`, tables.ownRoles)} AS role, membership.role AS rank, scored.score, titled.title,
           CASE WHEN ${standsAbove(tables.ownRoles)} THEN 0 ELSE community.award_score END::int8 AS score_to_award_trust,
           CASE WHEN ${standsAbove(tables.ownRoles)} THEN 0 ELSE community.wealth_score END::int8 AS score_for_wealth,
           community.poll_creator_users = '[]'::jsonb
             OR community.poll_creator_users @> jsonb_build_array(membership.user_id) AS is_poll_creator,
           ${handlesAmong(sql.fragment`community.dispute_councils`, memberId, tables.ownRoles)} AS handles_disputes,
           community.metric_visibility_settings
    FROM measured AS community
    JOIN ${tables.memberships} AS membership
      ON membership.resource_id = ${communityId}::uuid AND membership.resource_type = 'community' AND membership.deleted_at IS NULL
     AND ${whose}
    JOIN scored ON scored.user_id = membership.user_id
    JOIN titled ON titled.score = scored.score
  )`;

const factColumns = sql.fragment`
  facts.role, facts.rank, facts.score, facts.title, facts.score_to_award_trust, facts.score_for_wealth, facts.is_poll_creator,
  facts.handles_disputes, facts.metric_visibility_settings`;

type FactColumns = Omit<MemberFacts, 'visibility'> & { readonly metricVisibilitySettings: MemberFacts['visibility'] };

const toFacts = ({ metricVisibilitySettings: visibility, ...facts }: FactColumns): MemberFacts => ({ ...facts, visibility });

/** True for a row of a user who belongs to the community: none of its columns is null. */
const isMember = (found: Partial<FactColumns>): found is FactColumns => found.role !== undefined;

export interface PermissionFacts extends PermissionFactStore {
  /** Reads the facts of every member of a community, in no order: as they are stored, or as they would be with what was changed. */
  list(communityId: string, changed?: ChangedRights): Promise<readonly MemberWithFacts[]>;
}

export const createPermissionFacts = (connection: Connection): PermissionFacts => ({
  async find({ callerId, needed, communityId, userId }) {
    const found = await connection.maybeOne(sql.type(FactsRow)`
      WITH access AS (${communityAccess(callerId, communityId, needed)}),
      ${factTables(communityId, {
        tables: storedTables,
        scores: scoreOfOne(communityId, userId),
        whose: sql.fragment`membership.user_id = ${userId}`,
      })}
      SELECT ${factColumns} FROM access LEFT JOIN facts ON facts.id = access.community_id`);
    if (found === null) return undefined;
    return isMember(found) ? toFacts(found) : null;
  },
  async list(communityId, changed) {
    // The limit keeps the planner from reading all users for the names of the members.
    const { ctes, ...tables } = changed === undefined ? { ctes: sql.fragment``, ...storedTables } : changedTables(changed);
    const rows = await connection.any(sql.type(MemberRow)`
      WITH ${ctes} ${factTables(communityId, {
        tables,
        scores: scoresOfAll(communityId, tables.memberships),
        whose: sql.fragment`true`,
      })}
      SELECT facts.user_id, named.display_name, ${factColumns}
      FROM facts
      CROSS JOIN LATERAL (SELECT display_name FROM team.app_users WHERE id = facts.user_id LIMIT 1) AS named`);
    return rows.map(({ userId, displayName, ...facts }) => ({ userId, displayName, facts: toFacts(facts) }));
  },
});
