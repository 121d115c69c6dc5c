import type { WorkspaceCounts, WorkspaceRows } from '@guildhall/contracts';
import { textColumns } from './document-versions.ts';

/** The queries of a kind of row: its rows as they are sent, and the lines that their digest is made of. */
interface RowQueries {
  /** In the order of their ids; one parameter, the workspace. */
  readonly rows: string;
  /** `line` and `bytes` of each row in the order of their ids; one parameter, the workspace. */
  readonly lines: string;
}

const times = `created_at AS createdAt, updated_at AS updatedAt`;
const editable = `id, name, version, ${times}, deleted_at AS deletedAt`;
const savedColumns = `saved.id, saved.name, saved.version, saved.created_at AS createdAt, saved.updated_at AS updatedAt, saved.note,
  saved.restored_from AS restoredFrom`;

/** The lines of documents or versions that the subquery `source` has, with their digests. */
const linesOf = (source: string, isEditable: boolean): string =>
  `SELECT id || ' ' || version || ' ' || sha256${isEditable ? ` || CASE WHEN deleted_at IS NULL THEN ' kept' ELSE ' deleted' END` : ''} AS line,
          size_bytes AS bytes
   FROM (${source}) ORDER BY id`;

type Documents = 'scripts' | 'control_m_folders' | 'control_m_documents';
type Text = 'content' | 'definition' | 'source';

const documentsOf = (table: Documents, text: Text): string =>
  `SELECT id, version, deleted_at, ${textColumns(text)} FROM ${table} WHERE workspace_id = ?`;

const versionsOf = (
  [table, parent, text]: readonly [
    'script_versions' | 'control_m_folder_versions' | 'control_m_document_versions',
    parent: string,
    text: Text,
  ],
  documents: Documents,
): string =>
  `SELECT id, version, ${textColumns(text)} FROM ${table} WHERE ${parent} IN (SELECT id FROM ${documents} WHERE workspace_id = ?)`;

/** The queries of every kind of row that a workspace has, documents before their versions. */
export const rowQueries: Readonly<Record<keyof WorkspaceCounts, RowQueries>> = {
  scripts: {
    rows: `SELECT ${editable}, language, description, tags, content FROM scripts WHERE workspace_id = ? ORDER BY id`,
    lines: linesOf(documentsOf('scripts', 'content'), true),
  },
  scriptVersions: {
    rows: `SELECT ${savedColumns}, saved.script_id AS scriptId, saved.language, saved.content
           FROM script_versions AS saved JOIN scripts AS script ON script.id = saved.script_id
           WHERE script.workspace_id = ? ORDER BY saved.id`,
    lines: linesOf(versionsOf(['script_versions', 'script_id', 'content'], 'scripts'), false),
  },
  controlMFolders: {
    rows: `SELECT ${editable}, definition, job_count AS jobCount FROM control_m_folders WHERE workspace_id = ? ORDER BY id`,
    lines: linesOf(documentsOf('control_m_folders', 'definition'), true),
  },
  controlMFolderVersions: {
    rows: `SELECT ${savedColumns}, saved.control_m_folder_id AS controlMFolderId, saved.definition, saved.job_count AS jobCount
           FROM control_m_folder_versions AS saved JOIN control_m_folders AS folder ON folder.id = saved.control_m_folder_id
           WHERE folder.workspace_id = ? ORDER BY saved.id`,
    lines: linesOf(versionsOf(['control_m_folder_versions', 'control_m_folder_id', 'definition'], 'control_m_folders'), false),
  },
  controlMDocuments: {
    rows: `SELECT ${editable}, source, folders FROM control_m_documents WHERE workspace_id = ? ORDER BY id`,
    lines: linesOf(documentsOf('control_m_documents', 'source'), true),
  },
  controlMDocumentVersions: {
    rows: `SELECT ${savedColumns}, saved.control_m_document_id AS controlMDocumentId, saved.source, saved.folders
           FROM control_m_document_versions AS saved JOIN control_m_documents AS document ON document.id = saved.control_m_document_id
           WHERE document.workspace_id = ? ORDER BY saved.id`,
    lines: linesOf(versionsOf(['control_m_document_versions', 'control_m_document_id', 'source'], 'control_m_documents'), false),
  },
};

export const kinds = Object.keys(rowQueries) as (keyof WorkspaceCounts)[];

export const noRows: WorkspaceRows = {
  scripts: [],
  scriptVersions: [],
  controlMFolders: [],
  controlMFolderVersions: [],
  controlMDocuments: [],
  controlMDocumentVersions: [],
};
