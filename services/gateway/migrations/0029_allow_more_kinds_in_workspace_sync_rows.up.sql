-- The answers for imported Control-M documents and for the workspace itself. SQLite changes no CHECK: the table is made anew.
ALTER TABLE workspace_sync_rows RENAME TO workspace_sync_rows_before;
CREATE TABLE workspace_sync_rows (
  id TEXT NOT NULL,
  workspace_sync_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  action TEXT NOT NULL,
  reason TEXT NOT NULL,
  state TEXT NOT NULL,
  base_before TEXT,
  own_version_before INTEGER,
  own_version INTEGER,
  shared_version INTEGER,
  push TEXT,
  sync_conflict_id TEXT,
  code TEXT,
  detail TEXT,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_workspace_sync_rows PRIMARY KEY (id),
  CONSTRAINT ck_workspace_sync_rows_kind CHECK (kind IN ('script', 'control-m-folder', 'control-m-document', 'workspace')),
  CONSTRAINT ck_workspace_sync_rows_action CHECK (action IN ('push', 'pull', 'merge', 'delete', 'conflict', 'nothing')),
  CONSTRAINT ck_workspace_sync_rows_state CHECK (state IN ('sent', 'done', 'refused', 'undoing', 'undone', 'kept')),
  CONSTRAINT fk_workspace_sync_rows_workspace_sync_id FOREIGN KEY (workspace_sync_id) REFERENCES workspace_syncs (id) ON DELETE CASCADE
) STRICT;
INSERT INTO workspace_sync_rows (id, workspace_sync_id, document_id, kind, name, action, reason, state, base_before, own_version_before, own_version,
  shared_version, push, sync_conflict_id, code, detail, created_at, updated_at)
SELECT id, workspace_sync_id, document_id, kind, name, action, reason, state, base_before, own_version_before, own_version,
  shared_version, push, sync_conflict_id, code, detail, created_at, updated_at
FROM workspace_sync_rows_before ORDER BY rowid;
DROP TABLE workspace_sync_rows_before;
CREATE INDEX IF NOT EXISTS idx_workspace_sync_rows_workspace_sync_id ON workspace_sync_rows (workspace_sync_id);
