import { communityRoles } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { AccessStore } from '../core/access.ts';
import { membershipOf } from './access.ts';
import { resourceMemberships } from './tables.ts';

const AccessRow = row(
  [leftJoined(resourceMemberships)],
  { role: Type.Union([Type.Enum([...communityRoles]), Type.Null()]) },
  { communityId: Type.String() },
);

export const createAccessOfUsers = (connection: Connection): AccessStore => ({
  inCommunity: async (userId, communityId) =>
    (await connection.maybeOne(sql.type(AccessRow)`
      SELECT community.id AS community_id, membership.role
      FROM team.communities AS community
      LEFT ${membershipOf(userId)}
      WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL`)) ?? undefined,
  ofWorkspace: async (userId, workspaceId) =>
    (await connection.maybeOne(sql.type(AccessRow)`
      SELECT community.id AS community_id, membership.role
      FROM team.workspaces AS workspace
      JOIN team.communities AS community ON community.id = workspace.community_id AND community.deleted_at IS NULL
      LEFT ${membershipOf(userId)}
      WHERE workspace.id = ${workspaceId}::uuid`)) ?? undefined,
});
