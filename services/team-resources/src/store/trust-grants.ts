import type { TrustGrant } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection, type Fragment } from '@guildhall/db';
import { Type } from 'typebox';
import type { ListedTrustGrant, TrustGrantStore } from '../core/trust-grants.ts';
import { communityAccess } from './access.ts';
import { afterPosition, recordEvents, timestamp, visibleRows } from './fragments.ts';
import { Role } from './rows.ts';
import { resourceMemberships, trustGrants } from './tables.ts';

const columns = {
  points: Type.Integer(),
  reason: Type.String(),
  grantedBy: Type.String(),
  grantedAt: Type.String(),
  version: Type.Integer(),
};
const place = { id: Type.String(), createdAt: Type.String(), userId: Type.String() };
/** Left-joined to the CTE `access`: one row without a grant means that the list is empty. */
const ListedRow = row([leftJoined(trustGrants)], Type.Partial(Type.Object({ ...columns, ...place })).properties, {
  displayName: Type.Optional(Type.String()),
  grantedByName: Type.Optional(Type.String()),
});
const FoundRow = row(
  [leftJoined(trustGrants), resourceMemberships],
  { ...Type.Partial(Type.Object(columns)).properties, role: Role },
  {
    userId: Type.Optional(Type.String()),
    displayName: Type.Optional(Type.String()),
    grantedByName: Type.Optional(Type.String()),
  },
);
const SavedRow = row([trustGrants], { id: Type.String() });

/** A member's grant before its first revision has no row: no points, version 1. */
const toGrant = (found: Pick<TrustGrant, 'userId' | 'displayName'> & Partial<TrustGrant>): TrustGrant => ({
  userId: found.userId,
  displayName: found.displayName,
  points: found.points ?? 0,
  reason: found.reason ?? '',
  grantedBy: found.grantedBy ?? null,
  grantedByName: found.grantedByName ?? null,
  version: found.version ?? 1,
  grantedAt: found.grantedAt ?? null,
});

/** The name of who revised a grant last: looked up by id for each row; as a join it may become a walk over all users. */
const grantedByName = (grant: Fragment): Fragment =>
  sql.fragment`(SELECT granter.display_name FROM team.app_users AS granter WHERE granter.id = ${grant}.granted_by) AS granted_by_name`;

const list =
  (connection: Connection): TrustGrantStore['list'] =>
  async (userId, communityId, { limit, after }) => {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'trust:read')})
      SELECT listed.id, listed.created_at, listed.user_id, listed.display_name, listed.points, listed.reason, listed.granted_by,
             ${grantedByName(sql.fragment`listed`)},
             listed.granted_at, listed.version
      FROM access
      LEFT JOIN LATERAL (
        SELECT revised.id, revised.created_at, revised.user_id, app_user.display_name, revised.points, revised.reason,
               revised.granted_by, revised.granted_at, revised.version
        FROM (
          SELECT id, created_at, community_id, user_id, points, reason, granted_by, granted_at, version FROM team.trust_grants
          WHERE community_id = ${communityId}::uuid AND ${afterPosition(after)}
        ) AS revised
        JOIN team.resource_memberships AS member
          ON member.resource_id = revised.community_id AND member.resource_type = 'community'
         AND member.user_id = revised.user_id AND member.deleted_at IS NULL
        JOIN team.app_users AS app_user ON app_user.id = revised.user_id
        ORDER BY revised.created_at DESC, revised.id DESC LIMIT ${limit}
      ) AS listed ON true
      ORDER BY listed.created_at DESC, listed.id DESC`);
    return visibleRows<Required<(typeof rows)[number]>>(rows)?.map((found): ListedTrustGrant => ({
      id: found.id,
      createdAt: found.createdAt,
      grant: toGrant(found),
    }));
  };

export const createTrustGrants = (connection: Connection): TrustGrantStore => ({
  list: list(connection),
  async find(userId, communityId, memberId) {
    const found = await connection.maybeOne(sql.type(FoundRow)`
      WITH access AS (${communityAccess(userId, communityId, 'trust:read')})
      SELECT access.role, member.user_id, app_user.display_name, trust_grant.points, trust_grant.reason, trust_grant.granted_by,
             ${grantedByName(sql.fragment`trust_grant`)}, trust_grant.granted_at, trust_grant.version
      FROM access
      LEFT JOIN team.resource_memberships AS member
        ON member.resource_id = access.community_id AND member.resource_type = 'community' AND member.user_id = ${memberId}
       AND member.deleted_at IS NULL
      LEFT JOIN team.app_users AS app_user ON app_user.id = member.user_id
      LEFT JOIN team.trust_grants AS trust_grant
        ON trust_grant.community_id = access.community_id AND trust_grant.user_id = member.user_id`);
    if (found === null) return undefined;
    const { role, userId: foundId, displayName = '', ...grant } = found;
    return { role, grant: foundId === undefined ? undefined : toGrant({ ...grant, userId: foundId, displayName }) };
  },
  async revise({ communityId, userId, next, id, at, event }) {
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'trust:grant')}),
      saved AS (
        INSERT INTO team.trust_grants AS trust_grant
          (id, community_id, user_id, points, reason, granted_by, granted_at, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, access.community_id, member.user_id, ${next.points}::int8, ${next.reason}::text, ${userId}::text,
               ${timestamp(at)}, ${userId}::text, ${next.version}::int8, ${timestamp(at)}, ${timestamp(at)}
        FROM access
        JOIN team.resource_memberships AS member
          ON member.resource_id = access.community_id AND member.resource_type = 'community' AND member.user_id = ${next.userId}
         AND member.deleted_at IS NULL
        ON CONFLICT (community_id, user_id) DO UPDATE
        SET points = excluded.points, reason = excluded.reason, granted_by = excluded.granted_by, granted_at = excluded.granted_at,
            version = excluded.version, updated_at = excluded.updated_at
        WHERE trust_grant.version = excluded.version - 1
        RETURNING trust_grant.id
      ),
      ${recordEvents(event)}
      SELECT id FROM saved`);
    return saved !== null;
  },
});
