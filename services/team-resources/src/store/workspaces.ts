import { communityRoles, type Workspace } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection } from '@guildhall/db';
import type { CreateTarget, WorkspaceStore } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { communityAccess, membershipJoin, roleIncludes } from './access.ts';
import { afterPosition, claimKey, earlierJoin, outboxInsert, timestamp, visibleRows } from './fragments.ts';
import { idempotencyKeys, resourceMemberships, workspaces } from './tables.ts';

const columns = {
  id: Type.String(),
  communityId: Type.String(),
  name: Type.String(),
  description: Type.String(),
  createdBy: Type.String(),
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
};
const Role = Type.Enum([...communityRoles]);
const WorkspaceRow = row([workspaces], columns);
/** Left-joined to the CTE `access`: one row without a workspace means that the list is empty. */
const ListedRow = row([leftJoined(workspaces)], Type.Partial(Type.Object(columns)).properties);
const FoundRow = row([workspaces, resourceMemberships], { ...columns, role: Role }, { isDeleted: Type.Boolean() });
const SavedRow = row([workspaces], { id: Type.String() });
export const CreateTargetRow = row([workspaces, resourceMemberships, leftJoined(idempotencyKeys)], {
  communityId: Type.String(),
  role: Role,
  requestHash: Type.Optional(Type.String()),
  answer: Type.Optional(Type.Object({ body: Type.Unknown() })),
});

const toWorkspace = ({ id, communityId, ...rest }: Omit<Workspace, 'mode'>): Workspace => ({
  id,
  mode: 'shared',
  communityId,
  ...rest,
});

export const toCreateTarget = (found: {
  readonly communityId: string;
  readonly role: CreateTarget['role'];
  readonly requestHash?: string;
  readonly answer?: { readonly body: unknown };
}): CreateTarget => ({
  communityId: found.communityId,
  role: found.role,
  earlier: found.requestHash === undefined ? null : { requestHash: found.requestHash, body: found.answer?.body },
});

type Reads = 'findWorkspace' | 'listWorkspaces' | 'listCommunityWorkspaces' | 'findWorkspaceTarget';

const listed = sql.fragment`id, community_id, name, description, created_by, version, created_at, updated_at`;

export const workspaceReads = (connection: Connection): Pick<WorkspaceStore, Reads> => ({
  async findWorkspace(userId, workspaceId) {
    const found = await connection.maybeOne(sql.type(FoundRow)`
      SELECT w.id, w.community_id, w.name, w.description, w.created_by, w.version, w.created_at, w.updated_at,
             w.deleted_at IS NOT NULL AS is_deleted, membership.role
      FROM team.workspaces AS w
      ${membershipJoin(sql.fragment`w.community_id`, userId)}
      WHERE w.id = ${workspaceId}::uuid AND ${roleIncludes('workspace:read')}`);
    if (found === null) return undefined;
    const { role, isDeleted, ...workspace } = found;
    return { item: toWorkspace(workspace), communityId: found.communityId, role, isDeleted };
  },
  async listWorkspaces(userId, page) {
    const rows = await connection.any(sql.type(WorkspaceRow)`
      WITH mine AS (
        SELECT w.id, w.community_id, w.name, w.description, w.created_by, w.version, w.created_at, w.updated_at
        FROM team.workspaces AS w
        ${membershipJoin(sql.fragment`w.community_id`, userId)}
        WHERE w.deleted_at IS NULL AND ${roleIncludes('workspace:read')}
      )
      SELECT ${listed} FROM mine WHERE ${afterPosition(page.after)} ORDER BY created_at DESC, id DESC LIMIT ${page.limit}`);
    return rows.map(toWorkspace);
  },
  async listCommunityWorkspaces(userId, communityId, page) {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'workspace:read')})
      SELECT listed.id, listed.community_id, listed.name, listed.description, listed.created_by, listed.version,
             listed.created_at, listed.updated_at
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${listed} FROM team.workspaces
        WHERE community_id = ${communityId}::uuid AND deleted_at IS NULL AND ${afterPosition(page.after)}
        ORDER BY created_at DESC, id DESC LIMIT ${page.limit}
      ) AS listed ON true
      ORDER BY listed.created_at DESC, listed.id DESC`);
    return visibleRows<Omit<Workspace, 'mode'>>(rows)?.map(toWorkspace);
  },
  async findWorkspaceTarget(userId, communityId, key) {
    if (communityId === null) return undefined;
    const found = await connection.maybeOne(sql.type(CreateTargetRow)`
      WITH access AS (${communityAccess(userId, communityId, 'workspace:read')})
      SELECT access.community_id, access.role, earlier.request_hash, earlier.answer
      FROM access ${earlierJoin(userId, key)}`);
    return found === null ? undefined : toCreateTarget(found);
  },
});

export const workspaceWrites = (connection: Connection): Pick<WorkspaceStore, 'insertWorkspace' | 'saveWorkspace'> => ({
  async insertWorkspace(workspace, { userId, permission, event }, remembered) {
    const { id, communityId, name, description, createdAt, updatedAt } = workspace;
    if (communityId === null) return false;
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${communityAccess(userId, communityId, permission)}),
      claimed_key AS (${claimKey(userId, remembered)}),
      saved AS (
        INSERT INTO team.workspaces (id, community_id, name, description, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, access.community_id, ${name}::text, ${description}::text, ${userId}::text, 1::int8,
               ${timestamp(createdAt)}, ${timestamp(updatedAt)}
        FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
        RETURNING id
      ),
      outbox AS (${outboxInsert(event)})
      SELECT id FROM saved`);
    return saved !== null;
  },
  async saveWorkspace(next, isDeleted, { userId, permission, event }) {
    const { id, communityId, name, description, version, updatedAt } = next;
    if (communityId === null) return false;
    const saved = await connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${communityAccess(userId, communityId, permission)}),
      saved AS (
        UPDATE team.workspaces AS w
        SET name = ${name}, description = ${description}, version = ${version}::int8, updated_at = ${timestamp(updatedAt)},
            deleted_at = ${isDeleted ? updatedAt : null}::timestamptz
        FROM access
        WHERE w.id = ${id}::uuid AND w.community_id = access.community_id AND w.version = ${version - 1}::int8
        RETURNING w.id
      ),
      outbox AS (${outboxInsert(event)})
      SELECT id FROM saved`);
    return saved !== null;
  },
});
