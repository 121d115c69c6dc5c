import type { Workspace } from '@guildhall/contracts';
import { leftJoined, row, sql, type Connection } from '@guildhall/db';
import type { WorkspaceStore } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { communityAccess, membershipJoin, roleIncludes } from './access.ts';
import { toTarget } from './create-target.ts';
import { afterPosition, createdByName, creatorJoin, earlierJoin, isInState, timestamp, visibleRows } from './fragments.ts';
import { findWorkspaces, TargetRow, toWorkspace } from './found-workspaces.ts';
import { namedColumns as columns, partial } from './rows.ts';
import { workspaces } from './tables.ts';
import { isWhole } from './workspace-imports.ts';
import { insertOnce, saveNamed } from './writes.ts';

const created = { createdByName: Type.String() };
const WorkspaceRow = row([workspaces], columns, created);
/** Left-joined to the CTE `access`: one row without a workspace means that the list is empty. */
const ListedRow = row([leftJoined(workspaces)], partial(columns), created);

type Reads = 'findWorkspace' | 'listWorkspaces' | 'listCommunityWorkspaces' | 'findWorkspaceTarget';

const listed = sql.fragment`id, community_id, name, description, created_by, version, created_at, updated_at`;

/** The columns of `listed`, with the name of who created the row. */
const named = sql.fragment`listed.id, listed.community_id, listed.name, listed.description, listed.created_by, ${createdByName},
  listed.version, listed.created_at, listed.updated_at`;

export const workspaceReads = (connection: Connection): Pick<WorkspaceStore, Reads> => ({
  findWorkspace: findWorkspaces(connection),
  async listWorkspaces(userId, { page, state }) {
    const rows = await connection.any(sql.type(WorkspaceRow)`
      WITH mine AS (
        SELECT w.id, w.community_id, w.name, w.description, w.created_by, w.version, w.created_at, w.updated_at
        FROM team.workspaces AS w
        ${membershipJoin(sql.fragment`w.community_id`, userId)}
        WHERE ${state === 'deleted' ? sql.fragment`w.deleted_at IS NOT NULL` : sql.fragment`w.deleted_at IS NULL`}
          AND ${isWhole(sql.fragment`w`)} AND ${roleIncludes(state === 'deleted' ? 'workspace:delete' : 'workspace:read')}
      )
      SELECT ${named} FROM (
        SELECT ${listed} FROM mine WHERE ${afterPosition(page.after)} ORDER BY created_at DESC, id DESC LIMIT ${page.limit}
      ) AS listed
      ${creatorJoin(sql.fragment`listed`)}
      ORDER BY listed.created_at DESC, listed.id DESC`);
    return rows.map(toWorkspace);
  },
  async listCommunityWorkspaces(userId, communityId, { page, state }) {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${communityAccess(userId, communityId, 'workspace:read')})
      SELECT ${named}
      FROM access
      LEFT JOIN LATERAL (
        SELECT ${listed} FROM team.workspaces
        WHERE community_id = ${communityId}::uuid AND ${isInState(sql.fragment`workspaces`, state, 'workspace:delete')}
          AND ${isWhole(sql.fragment`workspaces`)} AND ${afterPosition(page.after)}
        ORDER BY created_at DESC, id DESC LIMIT ${page.limit}
      ) AS listed ON true
      ${creatorJoin(sql.fragment`listed`)}
      ORDER BY listed.created_at DESC, listed.id DESC`);
    return visibleRows<Omit<Workspace, 'mode'>>(rows)?.map(toWorkspace);
  },
  async findWorkspaceTarget(userId, communityId, key) {
    if (communityId === null) return undefined;
    return toTarget(
      await connection.maybeOne(sql.type(TargetRow)`
        WITH access AS (${communityAccess(userId, communityId, 'workspace:read')})
        SELECT access.community_id, access.role, earlier.request_hash, earlier.answer
        FROM access ${earlierJoin(userId, key)}`),
    );
  },
});

export const workspaceWrites = (connection: Connection): Pick<WorkspaceStore, 'insertWorkspace' | 'saveWorkspace'> => ({
  async insertWorkspace({ id, communityId, name, description, createdAt, updatedAt }, write, remembered) {
    if (communityId === null) return false;
    return await insertOnce(connection, write, remembered, {
      access: communityAccess(write.userId, communityId, write.permission),
      insert: sql.fragment`
        INSERT INTO team.workspaces (id, community_id, name, description, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, access.community_id, ${name}::text, ${description}::text, ${write.userId}::text, 1::int8,
               ${timestamp(createdAt)}, ${timestamp(updatedAt)}
        FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
        RETURNING id`,
    });
  },
  async saveWorkspace({ communityId, ...next }, isDeleted, write) {
    if (communityId === null) return false;
    return await saveNamed(connection, 'workspaces')({ ...next, communityId }, isDeleted, write);
  },
});
