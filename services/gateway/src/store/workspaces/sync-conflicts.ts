import type { SyncedDocument } from '@guildhall/contracts';
import type { ConflictListRequest, ConflictSummary, StoredConflict } from '@guildhall/workspaces';
import type Sqlite from 'better-sqlite3';
import type { SyncConflictsRow } from '../tables.ts';
import { start } from './workspace-statements.ts';

/** The conflicts of copies with their shared workspaces. */

const jsonOf = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));
const parsed = (json: string | null): unknown => (json === null ? null : JSON.parse(json));
const optional = <Row, T>(row: Row | undefined, map: (row: Row) => T): T | undefined =>
  row === undefined ? undefined : map(row);

const toSummary = (row: Omit<SyncConflictsRow, 'base' | 'mine' | 'theirs'>): ConflictSummary => ({
  id: row.id,
  workspaceId: row.workspace_id,
  documentId: row.document_id,
  kind: row.kind as StoredConflict['kind'],
  name: row.name,
  reason: row.reason as StoredConflict['reason'],
  ownVersion: row.own_version,
  sharedVersion: row.shared_version,
  pointers: JSON.parse(row.pointers) as readonly string[],
  resolution: row.resolution as StoredConflict['resolution'],
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

const toConflict = (row: SyncConflictsRow): StoredConflict => ({
  ...toSummary(row),
  base: parsed(row.base) as SyncedDocument | null,
  mine: parsed(row.mine) as SyncedDocument | null,
  theirs: parsed(row.theirs) as SyncedDocument | null,
});

const fromConflict = (conflict: StoredConflict): SyncConflictsRow => ({
  id: conflict.id,
  workspace_id: conflict.workspaceId,
  document_id: conflict.documentId,
  kind: conflict.kind,
  name: conflict.name,
  reason: conflict.reason,
  base: jsonOf(conflict.base),
  mine: jsonOf(conflict.mine),
  theirs: jsonOf(conflict.theirs),
  own_version: conflict.ownVersion,
  shared_version: conflict.sharedVersion,
  pointers: JSON.stringify(conflict.pointers),
  resolution: conflict.resolution,
  created_at: conflict.createdAt,
  updated_at: conflict.updatedAt,
});

/** The statements on the table `sync_conflicts`, each prepared once. */
export const conflictStatements = (sqlite: Sqlite.Database) => {
  const summary = `id, workspace_id, document_id, kind, name, reason, own_version, shared_version, pointers, resolution, created_at,
    updated_at`;
  const columns = `${summary}, base, mine, theirs`;
  const list = sqlite.prepare<[string, number, string, string, number], Omit<SyncConflictsRow, 'base' | 'mine' | 'theirs'>>(
    `SELECT ${summary} FROM sync_conflicts
     WHERE workspace_id = ? AND (resolution IS NULL) = ? AND (created_at, id) < (?, ?)
     ORDER BY created_at DESC, id DESC LIMIT ?`,
  );
  const find = sqlite.prepare<[string, string], SyncConflictsRow>(
    `SELECT ${columns} FROM sync_conflicts WHERE workspace_id = ? AND id = ?`,
  );
  const findOpen = sqlite.prepare<[string, string], SyncConflictsRow>(
    `SELECT ${columns} FROM sync_conflicts WHERE workspace_id = ? AND document_id = ? AND resolution IS NULL`,
  );
  const save = sqlite.prepare<[SyncConflictsRow]>(
    `INSERT INTO sync_conflicts (${columns})
     VALUES (@id, @workspace_id, @document_id, @kind, @name, @reason, @own_version, @shared_version, @pointers, @resolution, @created_at,
             @updated_at, @base, @mine, @theirs)
     ON CONFLICT (id) DO UPDATE
     SET name = excluded.name, reason = excluded.reason, base = excluded.base, mine = excluded.mine, theirs = excluded.theirs,
         own_version = excluded.own_version, shared_version = excluded.shared_version, pointers = excluded.pointers,
         resolution = excluded.resolution, updated_at = excluded.updated_at`,
  );
  return {
    find: (workspaceId: string, id: string) => optional(find.get(workspaceId, id), toConflict),
    findOpen: (workspaceId: string, documentId: string) => optional(findOpen.get(workspaceId, documentId), toConflict),
    list: (workspaceId: string, { after, isOpen, limit }: ConflictListRequest): readonly ConflictSummary[] => {
      const { createdAt, id } = after ?? start;
      return list.all(workspaceId, Number(isOpen), createdAt, id, limit).map(toSummary);
    },
    put: (conflict: StoredConflict): void => void save.run(fromConflict(conflict)),
  };
};
