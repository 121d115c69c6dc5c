import { createHash } from 'node:crypto';
import type { ImportedWorkspace, WorkspaceCounts } from '@guildhall/contracts';
import Sqlite from 'better-sqlite3';
import type { SharedDocument, WorkspaceContents, WorkspaceSnapshot } from '../../core/sharing/share-workspace.ts';
import { addSha256 } from './document-versions.ts';
import { kinds, noRows, rowQueries } from './shared-rows.ts';

/** A batch ends with the row that reaches one of these. */
const rowsPerBatchMax = 200;
const charactersPerBatchMax = 1_048_576;

/** The line that a row adds to the digest of its kind, and the length of its text. */
interface DigestLine {
  readonly line: string;
  readonly bytes: number;
}

/** A row as SQLite answers it. */
type SqliteRow = Readonly<Record<string, string | number | null>>;

/** A row as it is sent: the tags of a script are a list. */
const toSent = ({ tags, ...row }: SqliteRow): object =>
  typeof tags === 'string' ? { ...row, tags: JSON.parse(tags) as unknown } : row;

const charactersOf = (row: SqliteRow): number =>
  Object.values(row).reduce<number>((sum, value) => sum + (typeof value === 'string' ? value.length : 0), 0);

/** Groups rows into batches of bounded size: at least one row each. */
function* batchesOf(rows: Iterable<SqliteRow>): Generator<readonly object[]> {
  let batch: object[] = [];
  let characters = 0;
  for (const row of rows) {
    batch.push(toSent(row));
    characters += charactersOf(row);
    if (batch.length < rowsPerBatchMax && characters < charactersPerBatchMax) continue;
    yield batch;
    batch = [];
    characters = 0;
  }
  if (batch.length > 0) yield batch;
}

/** Counts, measures and digests all rows of a workspace. */
export const readContents = (sqlite: Sqlite.Database, workspaceId: string): WorkspaceContents => {
  const counts: Record<keyof WorkspaceCounts, number> = {
    scripts: 0,
    scriptVersions: 0,
    controlMFolders: 0,
    controlMFolderVersions: 0,
    controlMDocuments: 0,
    controlMDocumentVersions: 0,
  };
  let sizeBytes = 0;
  const digests = kinds.map((kind) => {
    const digest = createHash('sha256');
    const lines = sqlite.prepare<[string], DigestLine>(rowQueries[kind].lines);
    for (const { line, bytes } of lines.iterate(workspaceId)) {
      digest.update(`${line}\n`);
      counts[kind] += 1;
      sizeBytes += bytes;
    }
    return digest.digest('hex');
  });
  return { counts, sizeBytes, sha256: createHash('sha256').update(digests.join('\n')).digest('hex') };
};

/** The row of a workspace, as the document (JSON) that synchronisation compares. */
export const saidByWorkspace = `json_object('kind', 'workspace', 'name', name, 'description', description, 'namingRules', json(naming_rules))`;

/** The row of a workspace: its naming rules are JSON. */
type WorkspaceRow = Omit<ImportedWorkspace, 'namingRules'> & { readonly namingRules: string };

const findWorkspace = (sqlite: Sqlite.Database, workspaceId: string): ImportedWorkspace | undefined => {
  const row = sqlite
    .prepare<[string], WorkspaceRow>(
      `SELECT name, description, naming_rules AS namingRules, version, created_at AS createdAt, updated_at AS updatedAt FROM workspaces
       WHERE id = ? AND deleted_at IS NULL`,
    )
    .get(workspaceId);
  if (row === undefined) return undefined;
  return { ...row, namingRules: JSON.parse(row.namingRules) as ImportedWorkspace['namingRules'] };
};

/**
 * Opens a snapshot of a workspace: a connection of its own to the file, in a read transaction, which sees nothing that is written
 * later. Undefined if the workspace is not there, or deleted.
 */
export const openWorkspaceSnapshot = (file: string, workspaceId: string): WorkspaceSnapshot | undefined => {
  const sqlite = new Sqlite(file, { fileMustExist: true });
  addSha256(sqlite);
  sqlite.pragma('query_only = ON');
  sqlite.exec('BEGIN');
  const workspace = findWorkspace(sqlite, workspaceId);
  if (workspace === undefined) {
    sqlite.close();
    return undefined;
  }
  return {
    workspace,
    contents: () => readContents(sqlite, workspaceId),
    *batches() {
      for (const kind of kinds) {
        const rows = sqlite.prepare<[string], SqliteRow>(rowQueries[kind].rows).iterate(workspaceId);
        for (const batch of batchesOf(rows)) yield { ...noRows, [kind]: batch };
      }
    },
    documents: () =>
      sqlite
        .prepare<[{ readonly workspaceId: string }], SharedDocument>(
          `SELECT id, 'script' AS kind, version, description, tags, NULL AS document FROM scripts WHERE workspace_id = @workspaceId
           UNION ALL SELECT id, 'control-m-folder', version, NULL, NULL, NULL FROM control_m_folders WHERE workspace_id = @workspaceId
           UNION ALL SELECT id, 'control-m-document', version, NULL, NULL, NULL FROM control_m_documents WHERE workspace_id = @workspaceId
           UNION ALL SELECT id, 'workspace', version, NULL, NULL, ${saidByWorkspace} FROM workspaces WHERE id = @workspaceId`,
        )
        .iterate({ workspaceId }),
    close: () => void sqlite.close(),
  };
};
