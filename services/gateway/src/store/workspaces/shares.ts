import { randomUUID } from 'node:crypto';
import type Sqlite from 'better-sqlite3';
import type { PreparedShare, SharedDocument, SharingStore, WorkspaceSnapshot } from '../../core/sharing/share-workspace.ts';
import type { SoloDatabase } from '../solo/open.ts';
import { createWriteAtOnce } from '../solo/write.ts';
import type { WorkspaceSharesRow } from '../tables.ts';
import { openWorkspaceSnapshot, saidByWorkspace } from './workspace-snapshot.ts';

export interface SoloShares extends SharingStore {
  /** True if the workspace has moved into a community: what is here is a copy. */
  isCopy(workspaceId: string): boolean;
  /** Within a transaction: marks a workspace as a copy, whose documents are equal to the shared ones. */
  saveCopy(copy: PreparedShare, sha256: string): void;
}

/** The statements on the tables `workspace_shares` and `sync_bases`, each prepared once. */
const shareStatements = (sqlite: Sqlite.Database) => ({
  find: sqlite.prepare<[string], Pick<WorkspaceSharesRow, 'community_id' | 'sha256' | 'shared_at'>>(
    'SELECT community_id, sha256, shared_at FROM workspace_shares WHERE workspace_id = ?',
  ),
  save: sqlite.prepare<[string, string, string, string, string, string, string]>(
    `INSERT INTO workspace_shares (id, workspace_id, community_id, sha256, created_by, created_at, updated_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)
     ON CONFLICT (workspace_id) DO UPDATE
     SET community_id = excluded.community_id, sha256 = excluded.sha256, created_by = excluded.created_by, updated_at = excluded.updated_at`,
  ),
  complete: sqlite.prepare<[string, string, string]>(
    'UPDATE workspace_shares SET shared_at = ?, updated_at = ? WHERE workspace_id = ? AND shared_at IS NULL',
  ),
  forgetBases: sqlite.prepare<[string]>('DELETE FROM sync_bases WHERE workspace_id = ?'),
  saveBases: sqlite.prepare<[{ readonly workspaceId: string; readonly at: string }]>(
    `INSERT INTO sync_bases (id, workspace_id, kind, own_version, shared_version, description, tags, document, created_at, updated_at)
     SELECT id, workspace_id, 'script', version, version, description, tags, NULL, @at, @at FROM scripts WHERE workspace_id = @workspaceId
     UNION ALL SELECT id, workspace_id, 'control-m-folder', version, version, NULL, NULL, NULL, @at, @at
     FROM control_m_folders WHERE workspace_id = @workspaceId
     UNION ALL SELECT id, workspace_id, 'control-m-document', version, version, NULL, NULL, NULL, @at, @at
     FROM control_m_documents WHERE workspace_id = @workspaceId
     UNION ALL SELECT id, id, 'workspace', version, version, NULL, NULL, ${saidByWorkspace}, @at, @at
     FROM workspaces WHERE id = @workspaceId`,
  ),
  saveBase: sqlite.prepare<[SharedDocument & { readonly workspaceId: string; readonly at: string }]>(
    `INSERT INTO sync_bases (id, workspace_id, kind, own_version, shared_version, description, tags, document, created_at, updated_at)
     VALUES (@id, @workspaceId, @kind, @version, @version, @description, @tags, @document, @at, @at)`,
  ),
});

/** The workspaces of the solo file that move, or have moved, into communities. */
export const createSoloShares = ({ sqlite }: SoloDatabase): SoloShares => {
  const statements = shareStatements(sqlite);
  const writeAtOnce = createWriteAtOnce(sqlite);
  const saveBases = ({ workspaceId, at }: PreparedShare, snapshot: WorkspaceSnapshot): void => {
    statements.forgetBases.run(workspaceId);
    for (const document of snapshot.documents()) statements.saveBase.run({ ...document, workspaceId, at });
  };
  return {
    isCopy: (workspaceId) => typeof statements.find.get(workspaceId)?.shared_at === 'string',
    findShare: (workspaceId) => {
      const row = statements.find.get(workspaceId);
      if (row === undefined) return undefined;
      return { communityId: row.community_id, sha256: row.sha256, isComplete: row.shared_at !== null };
    },
    openSnapshot: (workspaceId) => openWorkspaceSnapshot(sqlite.name, workspaceId),
    prepare: (share, snapshot) => {
      const { workspaceId, communityId, userId, at } = share;
      const { sha256 } = snapshot.contents();
      writeAtOnce(() => {
        statements.save.run(randomUUID(), workspaceId, communityId, sha256, userId, at, at);
        saveBases(share, snapshot);
        return true;
      });
    },
    saveCopy: ({ workspaceId, communityId, userId, at }, sha256) => {
      statements.save.run(randomUUID(), workspaceId, communityId, sha256, userId, at, at);
      statements.complete.run(at, at, workspaceId);
      statements.saveBases.run({ workspaceId, at });
    },
    complete: (workspaceId, at) => void writeAtOnce(() => statements.complete.run(at, at, workspaceId).changes === 1),
  };
};
