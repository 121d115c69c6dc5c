import { ControlMNamingRules, copiedBytesMax, copiedRowsMax, type WorkspaceCounts } from '@guildhall/contracts';
import { row, sql, type Connection, type Fragment, type RowSchema } from '@guildhall/db';
import { Type } from 'typebox';
import type { CopiedRow, WorkspaceCopyStore } from '../core/workspace-copies.ts';
import { accessIncludes, workspaceAccess } from './access.ts';
import { schema } from './fragments.ts';
import { namedColumns, nullable } from './rows.ts';
import {
  controlMDocuments,
  controlMDocumentVersions,
  controlMFolders,
  controlMFolderVersions,
  scripts,
  scriptVersions,
  workspaces,
} from './tables.ts';

/** The rows of a shared workspace as they are stored, deleted ones and every version included, in pages by id. */

const head = {
  id: Type.String(),
  name: Type.String(),
  createdBy: Type.String(),
  createdAt: Type.String(),
  updatedAt: Type.String(),
};
const editable = { ...head, version: Type.Integer(), deletedAt: nullable(Type.String()) };
const saved = { ...head, version: Type.Integer(), note: Type.String(), restoredFrom: nullable(Type.Integer()) };
const folder = { definition: Type.String(), jobCount: Type.Integer() };
const importedText = { source: Type.String(), folders: Type.String() };

const WorkspaceRow = row([workspaces], namedColumns, { namingRules: ControlMNamingRules.properties.rules });

interface CopiedTable {
  readonly area: 'script' | 'control-m';
  readonly table: string;
  readonly text: Fragment;
  readonly columns: Fragment;
  /** The documents whose versions these are, and the column that names them. */
  readonly documents?: { readonly table: string; readonly parent: string };
  readonly Row: RowSchema<CopiedRow>;
}

const headColumns = sql.fragment`stored.id, stored.name, stored.created_by, stored.created_at, stored.updated_at`;
const editableColumns = sql.fragment`${headColumns}, stored.version, stored.deleted_at`;
const savedColumns = sql.fragment`${headColumns}, stored.version, stored.note, stored.restored_from`;
const folderColumns = sql.fragment`stored.definition, stored.job_count`;
const documentColumns = sql.fragment`stored.source, stored.folders`;

const tables: Readonly<Record<keyof WorkspaceCounts, CopiedTable>> = {
  scripts: {
    area: 'script',
    table: 'scripts',
    text: sql.fragment`content`,
    columns: sql.fragment`${editableColumns}, stored.language, stored.description, stored.tags, stored.content`,
    Row: row([scripts], {
      ...editable,
      language: Type.String(),
      description: Type.String(),
      tags: Type.Array(Type.String()),
      content: Type.String(),
    }),
  },
  scriptVersions: {
    area: 'script',
    table: 'script_versions',
    text: sql.fragment`content`,
    columns: sql.fragment`${savedColumns}, stored.script_id, stored.language, stored.content`,
    documents: { table: 'scripts', parent: 'script_id' },
    Row: row([scriptVersions], { ...saved, scriptId: Type.String(), language: Type.String(), content: Type.String() }),
  },
  controlMFolders: {
    area: 'control-m',
    table: 'control_m_folders',
    text: sql.fragment`definition`,
    columns: sql.fragment`${editableColumns}, ${folderColumns}`,
    Row: row([controlMFolders], { ...editable, ...folder }),
  },
  controlMFolderVersions: {
    area: 'control-m',
    table: 'control_m_folder_versions',
    text: sql.fragment`definition`,
    columns: sql.fragment`${savedColumns}, ${folderColumns}, stored.control_m_folder_id`,
    documents: { table: 'control_m_folders', parent: 'control_m_folder_id' },
    Row: row([controlMFolderVersions], { ...saved, ...folder, controlMFolderId: Type.String() }),
  },
  controlMDocuments: {
    area: 'control-m',
    table: 'control_m_documents',
    text: sql.fragment`source`,
    columns: sql.fragment`${editableColumns}, ${documentColumns}`,
    Row: row([controlMDocuments], { ...editable, ...importedText }),
  },
  controlMDocumentVersions: {
    area: 'control-m',
    table: 'control_m_document_versions',
    text: sql.fragment`source`,
    columns: sql.fragment`${savedColumns}, ${documentColumns}, stored.control_m_document_id`,
    documents: { table: 'control_m_documents', parent: 'control_m_document_id' },
    Row: row([controlMDocumentVersions], { ...saved, ...importedText, controlMDocumentId: Type.String() }),
  },
};

/** The table `stored` in a workspace, without what is deleted for callers who may not delete, and so see none of it. */
const inWorkspace = ({ area, table, documents }: CopiedTable, workspaceId: string): Fragment => {
  const stored = sql.fragment`${sql.identifier([schema, table])} AS stored`;
  const isVisible = (document: Fragment): Fragment =>
    sql.fragment`(${document}.deleted_at IS NULL OR ${accessIncludes(`${area}:delete`)})`;
  if (documents === undefined) {
    return sql.fragment`${stored} WHERE stored.workspace_id = ${workspaceId}::uuid AND ${isVisible(sql.fragment`stored`)}`;
  }
  return sql.fragment`${stored}
    JOIN ${sql.identifier([schema, documents.table])} AS document ON document.id = stored.${sql.identifier([documents.parent])}
    WHERE document.workspace_id = ${workspaceId}::uuid AND ${isVisible(sql.fragment`document`)}`;
};

/** The ids of the next page: as many rows as are allowed, and as their texts are; the first one always. */
const nextPage = (copied: CopiedTable, workspaceId: string, after: string): Fragment => sql.fragment`
  SELECT listed.id FROM (
    SELECT candidate.id, row_number() OVER (ORDER BY candidate.id) AS place, sum(candidate.bytes) OVER (ORDER BY candidate.id) AS bytes
    FROM (
      SELECT stored.id, octet_length(stored.${copied.text}) AS bytes
      FROM access CROSS JOIN ${inWorkspace(copied, workspaceId)} AND stored.id > ${after}::uuid
      ORDER BY stored.id LIMIT ${copiedRowsMax}
    ) AS candidate
  ) AS listed
  WHERE listed.place = 1 OR listed.bytes <= ${copiedBytesMax}`;

/** Before every UUID that is made at random. */
const beforeAll = '00000000-0000-0000-0000-000000000000';

export const createWorkspaceCopies = (connection: Connection): WorkspaceCopyStore => ({
  async findWorkspace(userId, workspaceId) {
    const found = await connection.maybeOne(sql.type(WorkspaceRow)`
      WITH access AS (${workspaceAccess(userId, workspaceId, 'workspace:read')})
      SELECT w.id, w.community_id, w.name, w.description, w.created_by, w.version, w.created_at, w.updated_at,
             CASE WHEN ${accessIncludes('control-m:read')} THEN w.naming_rules ELSE '[]'::jsonb END AS naming_rules
      FROM access JOIN team.workspaces AS w ON w.id = ${workspaceId}::uuid`);
    return found === null ? undefined : { ...found, mode: 'shared' };
  },
  async listRows(userId, workspaceId, kind, after) {
    const copied = tables[kind];
    return await connection.any(sql.type(copied.Row)`
      WITH access AS (${workspaceAccess(userId, workspaceId, `${copied.area}:read`)}),
      page AS (${nextPage(copied, workspaceId, after ?? beforeAll)})
      SELECT ${copied.columns}
      FROM page JOIN ${sql.identifier([schema, copied.table])} AS stored ON stored.id = page.id
      ORDER BY stored.id`);
  },
});
