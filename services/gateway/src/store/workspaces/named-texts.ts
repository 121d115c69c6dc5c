import type { AppError } from '@guildhall/errors';
import type Sqlite from 'better-sqlite3';

/** The texts whose names are unique in their workspace: the same writes on the table of every kind. */

interface NamedText {
  readonly id: string;
  readonly workspaceId: string;
  readonly name: string;
  readonly version: number;
  readonly updatedAt: string;
}

export interface NamedTexts {
  readonly table: 'control_m_documents' | 'control_m_folders';
  /** The kind's own columns, each with the field that it holds. */
  readonly own: Readonly<Record<string, string>>;
  /** CONFLICT: another one that is not deleted has the name. */
  readonly nameTaken: () => AppError;
}

/** The condition that the row's workspace is not deleted. */
export const inLiveWorkspace = (table: NamedTexts['table']): string =>
  `EXISTS (SELECT 1 FROM workspaces AS w WHERE w.id = ${table}.workspace_id AND w.deleted_at IS NULL)`;

const lookStatements = (sqlite: Sqlite.Database, table: NamedTexts['table']) => ({
  isTaken: sqlite.prepare<[string, string, string]>(
    `SELECT 1 FROM ${table} WHERE workspace_id = ? AND name = ? AND id <> ? AND deleted_at IS NULL`,
  ),
  isCurrent: sqlite.prepare<[string, string, number]>(
    `SELECT 1 FROM ${table} WHERE id = ? AND workspace_id = ? AND version = ? AND deleted_at IS NULL AND ${inLiveWorkspace(table)}`,
  ),
  isRestorable: sqlite.prepare<[string, string, number]>(
    `SELECT 1 FROM ${table} WHERE id = ? AND workspace_id = ? AND version = ? AND deleted_at IS NOT NULL AND ${inLiveWorkspace(table)}`,
  ),
});

/**
 * The writes of a kind, each prepared once, for a transaction that holds the write lock. Those of a text that is there are a compare-and-swap by its
 * version: false when it is not the one before. `insert`, `save` and `restore` throw CONFLICT when the name is taken.
 */
export const namedTextWrites = <T extends NamedText>(sqlite: Sqlite.Database, { table, own, nameTaken }: NamedTexts) => {
  const { isTaken, isCurrent, isRestorable } = lookStatements(sqlite, table);
  const columns = Object.keys(own).join(', ');
  const values = Object.values(own)
    .map((field) => `@${field}`)
    .join(', ');
  const changes = Object.entries(own)
    .map(([column, field]) => `${column} = @${field}`)
    .join(', ');
  const insert = sqlite.prepare<[T]>(
    `INSERT INTO ${table} (id, workspace_id, name, ${columns}, size_bytes, sha256, created_by, version, created_at, updated_at)
     VALUES (@id, @workspaceId, @name, ${values}, @sizeBytes, @sha256, @createdBy, @version, @createdAt, @updatedAt)`,
  );
  const save = sqlite.prepare<[T]>(
    `UPDATE ${table}
     SET name = @name, ${changes}, size_bytes = @sizeBytes, sha256 = @sha256, version = @version, updated_at = @updatedAt, deleted_at = NULL
     WHERE id = @id`,
  );
  const remove = sqlite.prepare<[number, string, string, string, string, number]>(
    `UPDATE ${table} SET version = ?, updated_at = ?, deleted_at = ?
     WHERE id = ? AND workspace_id = ? AND version = ? AND deleted_at IS NULL AND ${inLiveWorkspace(table)}`,
  );
  const requireFreeName = ({ workspaceId, name, id }: T): void => {
    if (isTaken.get(workspaceId, name, id) !== undefined) throw nameTaken();
  };
  const saveOver = (before: typeof isCurrent, next: T): boolean => {
    if (before.get(next.id, next.workspaceId, next.version - 1) === undefined) return false;
    requireFreeName(next);
    return save.run(next).changes === 1;
  };
  return {
    insert: (text: T): void => {
      requireFreeName(text);
      insert.run(text);
    },
    save: (next: T): boolean => saveOver(isCurrent, next),
    restore: (next: T): boolean => saveOver(isRestorable, next),
    remove: ({ id, workspaceId, version, updatedAt }: T): boolean =>
      remove.run(version, updatedAt, updatedAt, id, workspaceId, version - 1).changes === 1,
  };
};
