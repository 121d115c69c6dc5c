import { sql, uncheckedRow, type Connection, type Fragment, type RowOf } from '@guildhall/db';
import { Type } from 'typebox';
import type { ChangedPlace } from '../core/change-impact.ts';
import { storedOwnRoles } from './access.ts';
import { TrustTitles } from './community-rows.ts';
import { storedMemberships } from './trust-rules.ts';

/** The facts that decide about the rights of members, as a change leaves them: read within it, and used when it is undone. */

/** The tables that decide about the rights of members, or CTEs in their place. */
export interface RightsTables {
  readonly communities: Fragment;
  readonly memberships: Fragment;
  readonly ownRoles: Fragment;
}

export const storedTables: RightsTables = {
  communities: sql.fragment`team.communities`,
  memberships: storedMemberships,
  ownRoles: storedOwnRoles,
};

const RightsRow = uncheckedRow({
  rights: Type.Unknown(),
  trustTitles: Type.Optional(TrustTitles),
  openInvites: Type.Integer(),
});

export interface ChangedRights extends ChangedPlace, RowOf<typeof RightsRow> {}

/** Reads the settings of a community that decide about rights, its own roles, the membership of the member, titles and open invites. */
export const readRights = async (connection: Connection, place: ChangedPlace): Promise<ChangedRights> => {
  const { communityId, memberId = '' } = place;
  const found = await connection.one(sql.type(RightsRow)`
    WITH community AS (
      SELECT id, min_trust_to_award_trust, min_trust_for_wealth, trust_titles, metric_visibility_settings, poll_creator_users,
             dispute_handling_councils
      FROM team.communities WHERE id = ${communityId}::uuid AND deleted_at IS NULL
    )
    SELECT jsonb_build_object(
      'settings', (SELECT to_jsonb(community) FROM community),
      'ownRoles', (
        SELECT jsonb_agg(jsonb_build_object(
          'id', own.id, 'permissions', to_jsonb(own.permissions), 'rank', own.rank, 'deletedAt', own.deleted_at
        ))
        FROM team.own_roles AS own WHERE own.community_id = ${communityId}::uuid
      ),
      'membership', (
        SELECT jsonb_build_object('role', m.role, 'ownRoleId', m.own_role_id) FROM team.resource_memberships AS m
        WHERE m.resource_id = ${communityId}::uuid AND m.resource_type = 'community' AND m.user_id = ${memberId} AND m.deleted_at IS NULL
      )
    ) AS rights,
    (SELECT community.trust_titles FROM community) AS trust_titles,
    (
      SELECT count(*) FROM team.invites AS invite
      WHERE invite.community_id = ${communityId}::uuid AND invite.revoked_at IS NULL AND invite.declined_at IS NULL
        AND invite.uses_left > 0 AND invite.expires_at > now()
    ) AS open_invites`);
  return { ...place, ...found };
};

/**
 * The CTEs with what was changed in the place of what is stored, with a comma behind them, and their names. The memberships are not
 * materialized: their indexes and statistics serve the statement as those of the table do. A change of an own role gives its holders
 * another rank: their memberships take it from there.
 */
export const changedTables = ({ communityId, memberId = '', rights }: ChangedRights) => ({
  communities: sql.fragment`changed_communities`,
  memberships: sql.fragment`changed_memberships`,
  ownRoles: sql.fragment`changed_own_roles`,
  ctes: sql.fragment`
    changed AS MATERIALIZED (
      SELECT given.rights->'settings' AS settings, given.rights->'ownRoles' AS own_roles, given.rights->'membership' AS membership
      FROM (SELECT ${JSON.stringify(rights)}::jsonb AS rights) AS given
    ),
    changed_communities AS MATERIALIZED (
      SELECT (settings->>'id')::uuid AS id, NULL::timestamptz AS deleted_at, settings->'min_trust_to_award_trust' AS min_trust_to_award_trust,
             settings->'min_trust_for_wealth' AS min_trust_for_wealth, settings->'trust_titles' AS trust_titles,
             settings->'metric_visibility_settings' AS metric_visibility_settings, settings->'poll_creator_users' AS poll_creator_users,
             settings->'dispute_handling_councils' AS dispute_handling_councils
      FROM changed WHERE jsonb_typeof(settings) = 'object'
    ),
    changed_own_roles AS MATERIALIZED (
      SELECT (own.value->>'id')::uuid AS id, own.value->>'rank' AS rank, (own.value->>'deletedAt')::timestamptz AS deleted_at,
             ARRAY(SELECT jsonb_array_elements_text(own.value->'permissions')) AS permissions
      FROM changed CROSS JOIN LATERAL jsonb_array_elements(
        CASE WHEN jsonb_typeof(changed.own_roles) = 'array' THEN changed.own_roles ELSE '[]'::jsonb END
      ) AS own (value)
    ),
    changed_memberships AS NOT MATERIALIZED (
      SELECT stored.resource_id, stored.resource_type, stored.user_id,
             CASE WHEN stored.own_role_id IS NULL THEN stored.role ELSE (
               SELECT own.rank FROM changed_own_roles AS own WHERE own.id = stored.own_role_id
             ) END AS role,
             stored.own_role_id, stored.deleted_at
      FROM team.resource_memberships AS stored
      WHERE stored.user_id <> ${memberId}
      UNION ALL
      SELECT ${communityId}::uuid, 'community'::text, ${memberId}::text, membership->>'role', (membership->>'ownRoleId')::uuid, NULL::timestamptz
      FROM changed WHERE jsonb_typeof(membership) = 'object'
    ),`,
});
