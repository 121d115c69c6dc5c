import { leftJoined, row, sql, type Connection } from '@guildhall/db';
import { Type } from 'typebox';
import type { AccessStore } from '../core/access.ts';
import { callerRole, membershipOf } from './access.ts';
import { nullable, Role } from './rows.ts';
import { resourceMemberships } from './tables.ts';

const AccessRow = row([leftJoined(resourceMemberships)], { role: nullable(Role) }, { communityId: Type.String() });

export const createAccessOfUsers = (connection: Connection): AccessStore => ({
  inCommunity: async (userId, communityId) =>
    (await connection.maybeOne(sql.type(AccessRow)`
      SELECT community.id AS community_id, ${callerRole}
      FROM team.communities AS community
      LEFT ${membershipOf(userId)}
      WHERE community.id = ${communityId}::uuid AND community.deleted_at IS NULL`)) ?? undefined,
  ofWorkspace: async (userId, workspaceId) =>
    (await connection.maybeOne(sql.type(AccessRow)`
      SELECT community.id AS community_id, ${callerRole}
      FROM team.workspaces AS workspace
      JOIN team.communities AS community ON community.id = workspace.community_id AND community.deleted_at IS NULL
      LEFT ${membershipOf(userId)}
      WHERE workspace.id = ${workspaceId}::uuid`)) ?? undefined,
});
