import { communityRoles, type Community } from '@guildhall/contracts';
import { leftJoined, row, sql, type RowOf } from '@guildhall/db';
import { Type } from 'typebox';
import { Role } from './rows.ts';
import { appUsers, communities, resourceMemberships } from './tables.ts';

const Threshold = Type.Union([
  Type.Object({ type: Type.Literal('number'), value: Type.Integer() }),
  Type.Object({ type: Type.Literal('share'), value: Type.Number() }),
]);
/** The titles that members earn. */
export const TrustTitles = Type.Object({ titles: Type.Array(Type.Object({ name: Type.String(), minScore: Type.Integer() })) });
/** The metrics that a community shows to its members. */
export const Metrics = Type.Object({
  showActiveMembers: Type.Boolean(),
  showWealthGeneration: Type.Boolean(),
  showTrustNetwork: Type.Boolean(),
  showCouncilActivity: Type.Boolean(),
  showNeedsFulfillment: Type.Boolean(),
  showDisputeRate: Type.Boolean(),
});

const columns = {
  id: Type.String(),
  name: Type.String(),
  description: Type.String(),
  role: Type.Enum([...communityRoles]),
  minTrustToAwardTrust: Threshold,
  minTrustForWealth: Threshold,
  trustTitles: TrustTitles,
  nonContributionThresholdDays: Type.Integer(),
  dashboardRefreshInterval: Type.Integer(),
  metricVisibilitySettings: Metrics,
  disputeHandlingCouncils: Type.Array(Type.String()),
  pollCreatorUsers: Type.Array(Type.String()),
  createdBy: Type.String(),
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
};
const tables = [communities, resourceMemberships, leftJoined(appUsers)] as const;

/** A community as one of its members sees it: `communityColumns` of a statement with `creatorJoin`. */
export const CommunityRow = row(tables, columns, { createdByName: Type.String() });
export const FoundCommunityRow = row(tables, columns, {
  createdByName: Type.String(),
  isDeleted: Type.Boolean(),
  heldRole: Role,
});

/** The councils of the `community` that handle its disputes, without those that were deleted: they handle none. */
const liveCouncils = sql.fragment`COALESCE((
  SELECT jsonb_agg(named.id ORDER BY named.position)
  FROM jsonb_array_elements_text(community.dispute_handling_councils) WITH ORDINALITY AS named (id, position)
  JOIN team.councils AS council
    ON council.id = named.id::uuid AND council.community_id = community.id AND council.deleted_at IS NULL
), '[]'::jsonb)`;

/** The columns of `CommunityRow`, of the tables `community`, `membership` and `creator`. */
export const communityColumns = sql.fragment`
  community.id, community.name, community.description, membership.role, community.min_trust_to_award_trust,
  community.min_trust_for_wealth, community.trust_titles, community.non_contribution_threshold_days,
  community.dashboard_refresh_interval, community.metric_visibility_settings, ${liveCouncils} AS dispute_handling_councils,
  community.poll_creator_users, community.created_by, COALESCE(creator.display_name, '') AS created_by_name, community.version,
  community.created_at, community.updated_at`;

/** Joins the user who created the `community` of the statement around it. */
export const creatorJoin = sql.fragment`LEFT JOIN team.app_users AS creator ON creator.id = community.created_by`;

export const toCommunity = (found: RowOf<typeof CommunityRow>): Community => {
  const { id, name, description, role, createdBy, createdByName, version, createdAt, updatedAt, ...settings } = found;
  return { id, name, description, role, settings, createdBy, createdByName, version, createdAt, updatedAt };
};
