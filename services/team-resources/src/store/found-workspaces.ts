import type { CommunityPermission, Workspace } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection } from '@guildhall/db';
import type { DocumentStore, DocumentTypes, WorkspaceStore } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { callerRole, membershipJoin, roleIncludes, workspaceAccess } from './access.ts';
import { toTarget } from './create-target.ts';
import { createdByName, creatorJoin, earlierJoin } from './fragments.ts';
import { gatherRows } from './gathered-rows.ts';
import { earlierColumns, namedColumns, Role } from './rows.ts';
import { idempotencyKeys, resourceMemberships, workspaces } from './tables.ts';
import { isWhole } from './workspace-imports.ts';

/** The reads of one workspace: by id, and as the place where a document is to be created. */

const found = { ...namedColumns, role: Role };
const computed = { createdByName: Type.String(), isDeleted: Type.Boolean() };
const place = { place: Type.Integer() };
const FoundRow = row([workspaces, resourceMemberships], found, computed);
const PlacedRow = row([workspaces, resourceMemberships], found, { ...computed, ...place });
const targetTables = [workspaces, resourceMemberships, leftJoined(idempotencyKeys)] as const;
const target = { communityId: Type.String(), role: Role, ...earlierColumns };
export const TargetRow = row(targetTables, target);
const PlacedTargetRow = row(targetTables, target, place);

export const toWorkspace = ({ id, communityId, ...rest }: Omit<Workspace, 'mode'>): Workspace => ({
  id,
  mode: 'shared',
  communityId,
  ...rest,
});

/** Reads workspaces by id; those that are asked for at a time, by one statement. */
export const findWorkspaces = (connection: Connection): WorkspaceStore['findWorkspace'] => {
  const find = gatherRows(connection, {
    columns: ['user_id', 'workspace_id'],
    select: (userId = null, workspaceId = null) => sql.fragment`
      SELECT w.id, w.community_id, w.name, w.description, w.created_by, ${createdByName}, w.version, w.created_at, w.updated_at,
             w.deleted_at IS NOT NULL AS is_deleted, ${callerRole}
      FROM team.workspaces AS w
      ${membershipJoin(sql.fragment`w.community_id`, userId)}
      ${creatorJoin(sql.fragment`w`)}
      WHERE w.id = ${workspaceId}::uuid AND ${isWhole(sql.fragment`w`)} AND ${roleIncludes('workspace:read')}`,
    FoundRow,
    PlacedRow,
  });
  return async (userId, workspaceId) => {
    const answer = await find([userId, workspaceId]);
    if (answer === null) return undefined;
    const { role, isDeleted, ...workspace } = answer;
    return { item: toWorkspace(workspace), communityId: answer.communityId, role, isDeleted };
  };
};

/**
 * The workspace in which a document is to be created, for users who may read documents of its kind there. Creations at a time are
 * answered by one statement.
 */
export const findDocumentTarget = (
  connection: Connection,
  permission: CommunityPermission,
): DocumentStore<DocumentTypes>['findCreateTarget'] => {
  const find = gatherRows(connection, {
    columns: ['user_id', 'workspace_id', 'key'],
    select: (userId = null, workspaceId = null, key = null) => sql.fragment`
      SELECT access.community_id, access.role, earlier.request_hash, earlier.answer
      FROM (${workspaceAccess(userId, workspaceId, permission)}) AS access
      ${earlierJoin(userId, key)}`,
    FoundRow: TargetRow,
    PlacedRow: PlacedTargetRow,
  });
  return async (userId, workspaceId, key) => toTarget(await find([userId, workspaceId, key ?? null]));
};
