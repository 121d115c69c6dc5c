import type { ControlMFolderSummary } from '@guildhall/contracts';
import {
  folderNameTaken,
  type Deletable,
  type ListRequest,
  type StoredFolder,
  type StoredFolderVersion,
} from '@guildhall/workspaces';
import type Sqlite from 'better-sqlite3';
import { start } from './workspace-statements.ts';
import type { ControlMFoldersRow } from '../tables.ts';
import { textColumns, versionStatements, type OwnRow, type TextRow } from './document-versions.ts';
import { inLiveWorkspace, namedTextWrites } from './named-texts.ts';
import { unknownName } from './unknown-name.ts';

type SummaryRow = Pick<
  ControlMFoldersRow,
  'id' | 'workspace_id' | 'name' | 'job_count' | 'created_by' | 'version' | 'created_at' | 'updated_at'
> &
  TextRow;

const toSummary = (row: SummaryRow): ControlMFolderSummary => ({
  id: row.id,
  workspaceId: row.workspace_id,
  name: row.name,
  jobCount: row.job_count,
  sizeBytes: row.size_bytes,
  sha256: row.sha256,
  createdBy: row.created_by,
  createdByName: unknownName,
  version: row.version,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

export type FolderRow = SummaryRow & Pick<ControlMFoldersRow, 'definition'>;

export const toFolder = (row: FolderRow): StoredFolder => ({ ...toSummary(row), definition: row.definition });

const texts = {
  table: 'control_m_folders',
  own: { definition: 'definition', job_count: 'jobCount' },
  nameTaken: folderNameTaken,
} as const;

const inWorkspace = inLiveWorkspace(texts.table);

const summary = `id, workspace_id, name, job_count, ${textColumns('definition')}, created_by, version, created_at, updated_at`;
/** The columns of a `FolderRow`. */
export const folderColumns = `${summary}, definition`;

const readStatements = (sqlite: Sqlite.Database) => {
  const find = sqlite.prepare<[string, string], FolderRow & Pick<ControlMFoldersRow, 'deleted_at'>>(
    `SELECT ${folderColumns}, deleted_at FROM control_m_folders WHERE id = ? AND workspace_id = ? AND ${inWorkspace}`,
  );
  const list = sqlite.prepare<[string, number, string, string, number], SummaryRow>(
    `SELECT ${summary} FROM control_m_folders
     WHERE workspace_id = ? AND (deleted_at IS NOT NULL) = ? AND (created_at, id) < (?, ?)
     ORDER BY created_at DESC, id DESC LIMIT ?`,
  );
  return {
    find: (workspaceId: string, id: string): Deletable<StoredFolder> | undefined => {
      const row = find.get(id, workspaceId);
      if (row === undefined) return undefined;
      return { item: toFolder(row), communityId: null, role: 'owner', isDeleted: row.deleted_at !== null };
    },
    list: (workspaceId: string, { page, state }: ListRequest): readonly ControlMFolderSummary[] => {
      const { createdAt, id } = page.after ?? start;
      return list.all(workspaceId, Number(state === 'deleted'), createdAt, id, page.limit).map(toSummary);
    },
  };
};

/** The statements on the table `control_m_folders`, each prepared once. */
export const folderStatements = (sqlite: Sqlite.Database) => ({
  ...readStatements(sqlite),
  ...namedTextWrites<StoredFolder>(sqlite, texts),
});

const jobCountOf = ({ job_count: jobCount }: OwnRow) => ({ jobCount });

/** The statements on the table `control_m_folder_versions`, each prepared once. */
export const folderVersionStatements = (sqlite: Sqlite.Database) => {
  const table = {
    table: 'control_m_folder_versions',
    parent: 'control_m_folder_id',
    text: 'definition',
    own: 'job_count',
  } as const;
  const { keep, list, find, newest } = versionStatements(sqlite, table, jobCountOf);
  return {
    keep: (folder: StoredFolder, saved: Parameters<typeof keep>[2]): void =>
      keep(folder, [folder.jobCount, folder.definition], saved),
    list,
    newest,
    find: (id: string, version: number): StoredFolderVersion | undefined => {
      const found = find(id, version);
      if (found === undefined) return undefined;
      const { text: definition, ...rest } = found;
      return { ...rest, definition };
    },
  };
};
