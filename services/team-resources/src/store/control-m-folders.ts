import type { ControlMFolderSummary } from '@guildhall/contracts';
import { leftJoined, row, sql, translateConstraints, withoutNull, type Connection, type Fragment } from '@guildhall/db';
import { documentIdTaken, folderNameTaken, type FolderStore, type FolderTypes } from '@guildhall/workspaces';
import { Type } from 'typebox';
import { workspaceAccess } from './access.ts';
import {
  savedByName,
  textColumns,
  textRow,
  versionInsert,
  versionReads,
  versionRow,
  type VersionedTable,
} from './document-versions.ts';
import { deleteDocument, findDocuments, restoreDocument, saveDocument } from './documents.ts';
import { findDocumentTarget } from './found-workspaces.ts';
import {
  afterPosition,
  claimKey,
  createdByName,
  creatorJoin,
  isInState,
  recordEvents,
  timestamp,
  visibleRows,
} from './fragments.ts';
import { partial, Role } from './rows.ts';
import { controlMFolders, controlMFolderVersions, resourceMemberships, workspaces } from './tables.ts';

const stored = withoutNull(controlMFolders, 'sizeBytes', 'sha256');
const summary = {
  id: Type.String(),
  workspaceId: Type.String(),
  name: Type.String(),
  jobCount: Type.Integer(),
  ...textRow,
  createdBy: Type.String(),
  version: Type.Integer(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
};
const tables = [stored, workspaces, resourceMemberships] as const;
const found = { ...summary, definition: Type.String(), communityId: Type.String(), role: Role };
const computed = { createdByName: Type.String(), isDeleted: Type.Boolean() };
/** Left-joined to the CTE `access`: one row without a folder means that the list is empty. */
const ListedRow = row([leftJoined(stored)], partial(summary), { createdByName: Type.String() });
const SavedRow = row([controlMFolders], { id: Type.String() });

const translated = translateConstraints({
  uq_control_m_folders_workspace_id_name: folderNameTaken,
  pk_control_m_folders: documentIdTaken,
  pk_control_m_folder_versions: documentIdTaken,
});

const storedVersions = withoutNull(controlMFolderVersions, 'sizeBytes', 'sha256');
const versionSummary = { ...versionRow, ...textRow, jobCount: Type.Integer() };
const history: VersionedTable<FolderTypes> = {
  permission: 'control-m:read',
  documents: 'control_m_folders',
  versions: 'control_m_folder_versions',
  parent: sql.fragment`control_m_folder_id`,
  text: sql.fragment`definition`,
  own: sql.fragment`job_count`,
  textOf: ({ definition }) => definition,
  ownOf: ({ jobCount }) => jobCount,
  ownType: 'int8',
  assignments: ({ name, definition, jobCount, sizeBytes, sha256 }) => sql.fragment`
    name = ${name}, definition = ${definition}, job_count = ${jobCount}::int8, size_bytes = ${sizeBytes}::int8, sha256 = ${sha256}`,
  ListedRow: row([leftJoined(storedVersions)], partial({ id: Type.String(), ...versionSummary }), savedByName),
  FoundRow: row([storedVersions], { ...versionSummary, definition: Type.String() }, savedByName),
};

const textOfFolder = (table: Fragment): Fragment => textColumns(table, sql.fragment`definition`);

const foundFolders = {
  table: 'control_m_folders',
  permission: 'control-m:read',
  columns: sql.fragment`
    document.id, document.workspace_id, document.name, document.definition, document.job_count,
    ${textOfFolder(sql.fragment`document`)}, document.created_by, document.version, document.created_at, document.updated_at`,
  FoundRow: row(tables, found, computed),
  PlacedRow: row(tables, found, { ...computed, place: Type.Integer() }),
} as const;

const reads = (connection: Connection): Pick<FolderStore, 'find' | 'list'> => ({
  find: findDocuments(connection, foundFolders),
  async list(userId, workspaceId, { page, state }) {
    const rows = await connection.any(sql.type(ListedRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, 'control-m:read')})
      SELECT listed.id, listed.workspace_id, listed.name, listed.job_count, listed.size_bytes, listed.sha256, listed.created_by,
             listed.version, listed.created_at, listed.updated_at, ${createdByName}
      FROM access
      LEFT JOIN LATERAL (
        SELECT id, workspace_id, name, job_count, ${textOfFolder(sql.fragment`control_m_folders`)}, created_by, version, created_at,
               updated_at
        FROM team.control_m_folders
        WHERE workspace_id = ${workspaceId}::uuid AND ${isInState(sql.fragment`control_m_folders`, state, 'control-m:delete')}
          AND ${afterPosition(page.after)}
        ORDER BY created_at DESC, id DESC LIMIT ${page.limit}
      ) AS listed ON true
      ${creatorJoin(sql.fragment`listed`)}
      ORDER BY listed.created_at DESC, listed.id DESC`);
    return visibleRows<ControlMFolderSummary>(rows);
  },
});

const writes = (connection: Connection): Pick<FolderStore, 'insert' | 'save'> => ({
  async insert(folder, write, remembered, earlier) {
    const { userId, permission, event } = write;
    const { id, workspaceId, name, definition, jobCount, sizeBytes, sha256, version, createdAt, updatedAt } = folder;
    const saved = connection.maybeOne(sql.type(SavedRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, permission)}),
      claimed_key AS (${claimKey(userId, remembered)}),
      saved AS (
        INSERT INTO team.control_m_folders
          (id, workspace_id, name, definition, job_count, size_bytes, sha256, created_by, version, created_at, updated_at)
        SELECT ${id}::uuid, ${workspaceId}::uuid, ${name}::text, ${definition}::text, ${jobCount}::int8, ${sizeBytes}::int8,
               ${sha256}::text, ${userId}::text, ${version}::int8,
               ${timestamp(createdAt)}, ${timestamp(updatedAt)}
        FROM access WHERE EXISTS (SELECT 1 FROM claimed_key)
        RETURNING id, version, name, job_count, definition, size_bytes, sha256
      ),
      version AS (${versionInsert(history, write, updatedAt, earlier)}),
      ${recordEvents(event)}
      SELECT id FROM saved`);
    return (await translated(saved)) !== null;
  },
  save: (next, write) => translated(saveDocument(connection, history)(next, write)),
});

export const createFolderStore = (connection: Connection): FolderStore => ({
  ...reads(connection),
  ...writes(connection),
  ...versionReads(connection, history),
  findCreateTarget: findDocumentTarget(connection, 'control-m:read'),
  delete: deleteDocument(connection, 'control_m_folders'),
  restore: (next, write) => translated(restoreDocument(connection, history)(next, write)),
});
