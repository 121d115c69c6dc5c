import type { WorkspaceCounts } from '@guildhall/contracts';
import { AppError } from '@guildhall/errors';
import Sqlite from 'better-sqlite3';
import type { CloneSpool, CloneStore, NewClone } from '../../core/sharing/clone-workspace.ts';
import type { SoloDatabase } from '../solo/open.ts';
import { createWriteAtOnce } from '../solo/write.ts';
import { kinds } from './shared-rows.ts';
import type { SoloShares } from './shares.ts';
import { readContents } from './workspace-snapshot.ts';

type Kind = keyof WorkspaceCounts;

/** A row with its workspace, as its statement takes it. */
type StatementRow = Readonly<Record<string, unknown>>;

/** Rows as JSON in a temporary database, which SQLite keeps in a file of its own and removes when it is closed. */
const openSpool = (): CloneSpool => {
  const sqlite = new Sqlite('');
  sqlite.exec('CREATE TABLE spooled (kind TEXT NOT NULL, row TEXT NOT NULL)');
  const insert = sqlite.prepare<[string, string]>('INSERT INTO spooled (kind, row) VALUES (?, ?)');
  const list = sqlite.prepare<[string], string>('SELECT row FROM spooled WHERE kind = ? ORDER BY rowid').pluck();
  return {
    add: (rows) => {
      sqlite.transaction(() => {
        for (const kind of kinds) for (const row of rows[kind]) insert.run(kind, JSON.stringify(row));
      })();
    },
    *rows(kind) {
      for (const row of list.iterate(kind)) yield JSON.parse(row) as StatementRow;
    },
    close: () => void sqlite.close(),
  };
};

const made = '@createdBy, @version, @createdAt, @updatedAt';
const measured = (text: string): string => `octet_length(${text}), sha256(${text})`;
const versionOf = (table: string, parent: string): string =>
  `WHERE EXISTS (SELECT 1 FROM ${table} WHERE id = ${parent} AND workspace_id = @workspaceId AND version >= @version)`;

/** The statements that store a row of each kind; a version only if its document is here and has come to it. */
const inserts: Readonly<Record<Kind, string>> = {
  scripts: `INSERT INTO scripts
      (id, workspace_id, name, language, description, tags, content, size_bytes, sha256, created_by, version, created_at, updated_at, deleted_at)
    VALUES (@id, @workspaceId, @name, @language, @description, @tags, @content, ${measured('@content')}, ${made}, @deletedAt)`,
  scriptVersions: `INSERT INTO script_versions
      (id, script_id, name, language, content, size_bytes, sha256, note, restored_from, created_by, version, created_at, updated_at)
    SELECT @id, @scriptId, @name, @language, @content, ${measured('@content')}, @note, @restoredFrom, ${made}
    ${versionOf('scripts', '@scriptId')}`,
  controlMFolders: `INSERT INTO control_m_folders
      (id, workspace_id, name, definition, job_count, size_bytes, sha256, created_by, version, created_at, updated_at, deleted_at)
    VALUES (@id, @workspaceId, @name, @definition, @jobCount, ${measured('@definition')}, ${made}, @deletedAt)`,
  controlMFolderVersions: `INSERT INTO control_m_folder_versions
      (id, control_m_folder_id, name, definition, job_count, size_bytes, sha256, note, restored_from, created_by, version, created_at, updated_at)
    SELECT @id, @controlMFolderId, @name, @definition, @jobCount, ${measured('@definition')}, @note, @restoredFrom, ${made}
    ${versionOf('control_m_folders', '@controlMFolderId')}`,
  controlMDocuments: `INSERT INTO control_m_documents
      (id, workspace_id, name, source, folders, size_bytes, sha256, created_by, version, created_at, updated_at, deleted_at)
    VALUES (@id, @workspaceId, @name, @source, @folders, ${measured('@source')}, ${made}, @deletedAt)`,
  controlMDocumentVersions: `INSERT INTO control_m_document_versions
      (id, control_m_document_id, name, source, folders, size_bytes, sha256, note, restored_from, created_by, version, created_at, updated_at)
    SELECT @id, @controlMDocumentId, @name, @source, @folders, ${measured('@source')}, @note, @restoredFrom, ${made}
    ${versionOf('control_m_documents', '@controlMDocumentId')}`,
};

/** The rest of what a statement is given, where its row has tags: their list as JSON. */
const withTags = (row: StatementRow): StatementRow => ('tags' in row ? { ...row, tags: JSON.stringify(row['tags']) } : row);

/** Runs an insert. Throws CONFLICT when a key or a name is taken. */
const orConflict = (insert: () => boolean): void => {
  try {
    insert();
  } catch (cause) {
    if (!(cause instanceof Sqlite.SqliteError) || !cause.code.startsWith('SQLITE_CONSTRAINT')) throw cause;
    throw new AppError(
      'CONFLICT',
      'The workspace was changed while it was copied, or a part of it lies here already. Try again.',
      {
        cause,
      },
    );
  }
};

/** Copies of shared workspaces, on their way into the solo file. */
export const createSoloClones = (
  { sqlite }: SoloDatabase,
  { findShare, saveCopy }: Pick<SoloShares, 'findShare' | 'saveCopy'>,
  holds: (workspaceId: string) => boolean,
): CloneStore => {
  const writeAtOnce = createWriteAtOnce(sqlite);
  const insertWorkspace = sqlite.prepare<[StatementRow]>(
    `INSERT INTO workspaces (id, name, description, naming_rules, created_by, version, created_at, updated_at)
     VALUES (@id, @name, @description, @namingRules, ${made})`,
  );
  const insertRows = Object.fromEntries(kinds.map((kind) => [kind, sqlite.prepare<[StatementRow]>(inserts[kind])]));
  const insertAll = ({ workspace }: NewClone, spool: CloneSpool): void => {
    insertWorkspace.run({ ...workspace, namingRules: JSON.stringify(workspace.namingRules) });
    for (const kind of kinds) {
      for (const row of spool.rows(kind)) insertRows[kind]?.run({ ...withTags(row), workspaceId: workspace.id });
    }
  };
  return {
    findShare,
    holds,
    contents: (workspaceId) => readContents(sqlite, workspaceId),
    openSpool,
    insertClone: (clone, spool) =>
      orConflict(() =>
        writeAtOnce(() => {
          insertAll(clone, spool);
          const { id: workspaceId } = clone.workspace;
          saveCopy({ ...clone, workspaceId }, readContents(sqlite, workspaceId).sha256);
          return true;
        }),
      ),
  };
};
