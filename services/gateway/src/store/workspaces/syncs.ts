import type { DocumentPush } from '@guildhall/contracts';
import type { StoredBase, StoredSync, SyncRow, SyncStore } from '@guildhall/workspaces';
import type Sqlite from 'better-sqlite3';
import type { SoloDatabase } from '../solo/open.ts';
import { createWriteAtOnce } from '../solo/write.ts';
import type { WorkspaceSyncRowsRow, WorkspaceSyncsRow } from '../tables.ts';
import type { SoloShares } from './shares.ts';
import { conflictStatements } from './sync-conflicts.ts';
import { baseStatements, syncedDocumentStatements } from './synced-documents.ts';
import { syncedVersionStatements } from './synced-versions.ts';

/** A row as it is written: without the time at which it was made, which the first write gives it. */
type Written<Row> = Omit<Row, 'created_at'>;

const jsonOf = (value: object | null): string | null => (value === null ? null : JSON.stringify(value));
const parsed = (json: string | null): unknown => (json === null ? null : JSON.parse(json));

const toSync = (row: Pick<WorkspaceSyncsRow, 'id' | 'workspace_id' | 'state' | 'created_at'>): StoredSync => ({
  id: row.id,
  workspaceId: row.workspace_id,
  state: row.state as StoredSync['state'],
  createdAt: row.created_at,
});

/** The statements on the table `workspace_syncs`, each prepared once. */
const syncStatements = (sqlite: Sqlite.Database) => {
  const columns = 'id, workspace_id, state, created_at';
  const find = sqlite.prepare<[string, string], WorkspaceSyncsRow>(
    `SELECT ${columns} FROM workspace_syncs WHERE workspace_id = ? AND id = ?`,
  );
  const findOpen = sqlite.prepare<[string], WorkspaceSyncsRow>(
    `SELECT ${columns} FROM workspace_syncs WHERE workspace_id = ? AND state IN ('running', 'undoing')`,
  );
  const save = sqlite.prepare<[Omit<WorkspaceSyncsRow, 'updated_at'> & { readonly updated_at: string }]>(
    `INSERT INTO workspace_syncs (id, workspace_id, state, created_at, updated_at)
     VALUES (@id, @workspace_id, @state, @created_at, @updated_at)
     ON CONFLICT (id) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at`,
  );
  return {
    find: (workspaceId: string, id: string) => optional(find.get(workspaceId, id), toSync),
    findOpen: (workspaceId: string) => optional(findOpen.get(workspaceId), toSync),
    put: ({ id, workspaceId, state, createdAt }: StoredSync, at: string): void =>
      void save.run({ id, workspace_id: workspaceId, state, created_at: createdAt, updated_at: at }),
  };
};

const optional = <Row, T>(row: Row | undefined, map: (row: Row) => T): T | undefined =>
  row === undefined ? undefined : map(row);

const toRow = (row: WorkspaceSyncRowsRow): SyncRow => ({
  id: row.id,
  syncId: row.workspace_sync_id,
  documentId: row.document_id,
  kind: row.kind as SyncRow['kind'],
  name: row.name,
  action: row.action as SyncRow['action'],
  reason: row.reason as SyncRow['reason'],
  state: row.state as SyncRow['state'],
  baseBefore: parsed(row.base_before) as StoredBase | null,
  ownVersionBefore: row.own_version_before,
  ownVersion: row.own_version,
  sharedVersion: row.shared_version,
  push: parsed(row.push) as DocumentPush | null,
  conflictId: row.sync_conflict_id,
  code: row.code,
  detail: row.detail,
});

const fromRow = (row: SyncRow, at: string): Written<WorkspaceSyncRowsRow> => ({
  id: row.id,
  workspace_sync_id: row.syncId,
  document_id: row.documentId,
  kind: row.kind,
  name: row.name,
  action: row.action,
  reason: row.reason,
  state: row.state,
  base_before: jsonOf(row.baseBefore),
  own_version_before: row.ownVersionBefore,
  own_version: row.ownVersion,
  shared_version: row.sharedVersion,
  push: jsonOf(row.push),
  sync_conflict_id: row.conflictId,
  code: row.code,
  detail: row.detail,
  updated_at: at,
});

/** The statements on the table `workspace_sync_rows`, each prepared once. */
const rowStatements = (sqlite: Sqlite.Database) => {
  const columns = `id, workspace_sync_id, document_id, kind, name, action, reason, state, base_before, own_version_before, own_version,
    shared_version, push, sync_conflict_id, code, detail`;
  const list = sqlite.prepare<[string], WorkspaceSyncRowsRow>(
    `SELECT ${columns} FROM workspace_sync_rows WHERE workspace_sync_id = ? ORDER BY rowid`,
  );
  const save = sqlite.prepare<[Written<WorkspaceSyncRowsRow>]>(
    `INSERT INTO workspace_sync_rows (${columns}, created_at, updated_at)
     VALUES (@id, @workspace_sync_id, @document_id, @kind, @name, @action, @reason, @state, @base_before, @own_version_before,
             @own_version, @shared_version, @push, @sync_conflict_id, @code, @detail, @updated_at, @updated_at)
     ON CONFLICT (id) DO UPDATE
     SET action = excluded.action, reason = excluded.reason, state = excluded.state, own_version = excluded.own_version,
         shared_version = excluded.shared_version, push = excluded.push, code = excluded.code, detail = excluded.detail,
         updated_at = excluded.updated_at`,
  );
  const drop = sqlite.prepare<[string]>('DELETE FROM workspace_sync_rows WHERE id = ?');
  return {
    list: (syncId: string): readonly SyncRow[] => list.all(syncId).map(toRow),
    put: (row: SyncRow, at: string): void => void save.run(fromRow(row, at)),
    drop: (id: string): void => void drop.run(id),
  };
};

/** The copies of shared workspaces in the solo file, as synchronisation reads and writes them. */
export const createSoloSyncs = ({ sqlite }: SoloDatabase, { isCopy }: Pick<SoloShares, 'isCopy'>): SyncStore => {
  const writeAtOnce = createWriteAtOnce(sqlite);
  const isLive = sqlite.prepare<[string]>('SELECT 1 FROM workspaces WHERE id = ? AND deleted_at IS NULL');
  const [documents, versions, bases] = [
    syncedDocumentStatements(sqlite),
    syncedVersionStatements(sqlite),
    baseStatements(sqlite),
  ];
  const [syncs, rows, conflicts] = [syncStatements(sqlite), rowStatements(sqlite), conflictStatements(sqlite)];
  const transaction = {
    putDocument: versions.put,
    freeNames: versions.freeNames,
    putBase: bases.put,
    putSync: syncs.put,
    putRow: rows.put,
    dropRow: rows.drop,
    putConflict: conflicts.put,
  };
  /** Undoes what a change wrote that returned false. */
  const rolledBack = Symbol('rolled back');
  return {
    isLiveCopy: (workspaceId) => isLive.get(workspaceId) !== undefined && isCopy(workspaceId),
    listDocuments: documents.list,
    findDocument: documents.find,
    findVersion: versions.find,
    findSync: syncs.find,
    findOpenSync: syncs.findOpen,
    listRows: rows.list,
    findConflict: conflicts.find,
    findOpenConflict: conflicts.findOpen,
    listConflicts: conflicts.list,
    write: (change) => {
      try {
        return writeAtOnce(() => {
          if (!change(transaction)) throw rolledBack;
          return true;
        });
      } catch (error) {
        if (error === rolledBack) return false;
        throw error;
      }
    },
  };
};
