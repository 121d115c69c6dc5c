import type { ControlMFolderSummary } from '@guildhall/contracts';
import { leftJoined, row, sql, translateConstraints, type Connection } from '@guildhall/db';
import { folderNameTaken, type DocumentStore, type StoredFolder } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { callerRole, membershipJoin, roleIncludes, workspaceAccess } from './access.ts';
import { deleteDocument, findDocumentTarget } from './documents.ts';
import { afterPosition, claimKey, outboxInsert, timestamp, visibleRows } from './fragments.ts';
import { Role } from './rows.ts';
import { controlMFolders, resourceMemberships, workspaces } from './tables.ts';

const summary = {
  id: Type.String(),
  workspaceId: Type.String(),
  name: Type.String(),
  jobCount: Type.Integer(),
  createdBy: Type.String(),
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
};
const FoundRow = row([controlMFolders, workspaces, resourceMemberships], {
  ...summary,
  definition: Type.String(),
  communityId: Type.String(),
  role: Role,
});
/** Left-joined to the CTE `access`: one row without a folder means that the list is empty. */
const ListedRow = row([leftJoined(controlMFolders)], Type.Partial(Type.Object(summary)).properties);
const SavedRow = row([controlMFolders], { id: Type.String() });

const translated = translateConstraints({ uq_control_m_folders_workspace_id_name: folderNameTaken });

type FolderStore = DocumentStore<StoredFolder, ControlMFolderSummary>;

const reads = (connection: Connection): Pick<FolderStore, 'find' | 'list'> => ({
  async find(userId, workspaceId, folderId) {
    const found = await connection.maybeOne(sql.type(FoundRow)`
      SELECT f.id, f.workspace_id, f.name, f.definition, f.job_count, f.created_by, f.version, f.created_at, f.updated_at,
             w.community_id, ${callerRole}
      FROM team.control_m_folders AS f
      JOIN team.workspaces AS w ON w.id = f.workspace_id AND w.deleted_at IS NULL
      ${membershipJoin(sql.fragment`w.community_id`, userId)}
      WHERE f.id = ${folderId}::uuid AND f.workspace_id = ${workspaceId}::uuid AND f.deleted_at IS NULL
        AND ${roleIncludes('control-m:read')}`);
    if (found === null) return undefined;
    const { communityId, role, ...item } = found;
    return { item, communityId, role };
  },
  async list(userId, workspaceId, page) {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, 'control-m:read')})
      SELECT listed.id, listed.workspace_id, listed.name, listed.job_count, listed.created_by, listed.version,
             listed.created_at, listed.updated_at
      FROM access
      LEFT JOIN LATERAL (
        SELECT id, workspace_id, name, job_count, created_by, version, created_at, updated_at
        FROM team.control_m_folders
        WHERE workspace_id = ${workspaceId}::uuid AND deleted_at IS NULL AND ${afterPosition(page.after)}
        ORDER BY created_at DESC, id DESC LIMIT ${page.limit}
      ) AS listed ON true
      ORDER BY listed.created_at DESC, listed.id DESC`);
    return visibleRows<ControlMFolderSummary>(rows);
  },
});

const writes = (connection: Connection): Pick<FolderStore, 'insert' | 'save'> => ({
  async insert(folder, { userId, permission, event }, remembered) {
    const { id, workspaceId, name, definition, jobCount, createdAt, updatedAt } = folder;
    const saved = connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, permission)}),
      claimed_key AS (${claimKey(userId, remembered)}),
      saved AS (
        INSERT INTO team.control_m_folders
          (id, workspace_id, name, definition, job_count, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, ${workspaceId}::uuid, ${name}::text, ${definition}::text, ${jobCount}::int8, ${userId}::text, 1::int8,
               ${timestamp(createdAt)}, ${timestamp(updatedAt)}
        FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
        RETURNING id
      ),
      outbox AS (${outboxInsert(event)})
      SELECT id FROM saved`);
    return (await translated(saved)) !== null;
  },
  async save(next, { userId, permission, event }) {
    const { id, workspaceId, name, definition, jobCount, version, updatedAt } = next;
    const saved = connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, permission)}),
      saved AS (
        UPDATE team.control_m_folders AS f
        SET name = ${name}, definition = ${definition}, job_count = ${jobCount}::int8, version = ${version}::int8,
            updated_at = ${timestamp(updatedAt)}
        FROM access
        WHERE f.id = ${id}::uuid AND f.workspace_id = ${workspaceId}::uuid AND f.version = ${version - 1}::int8
          AND f.deleted_at IS NULL
        RETURNING f.id
      ),
      outbox AS (${outboxInsert(event)})
      SELECT id FROM saved`);
    return (await translated(saved)) !== null;
  },
});

export const createFolderStore = (connection: Connection): FolderStore => ({
  ...reads(connection),
  ...writes(connection),
  findCreateTarget: findDocumentTarget(connection, 'control-m:read'),
  delete: deleteDocument(connection, 'control_m_folders'),
});
