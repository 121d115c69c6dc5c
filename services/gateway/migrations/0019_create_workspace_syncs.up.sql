-- The synchronisations of copies with their shared workspaces. At most one of a workspace is not at its end.
CREATE TABLE IF NOT EXISTS workspace_syncs (
  id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  state TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_workspace_syncs PRIMARY KEY (id),
  CONSTRAINT ck_workspace_syncs_state CHECK (state IN ('running', 'finished', 'undoing', 'undone')),
  CONSTRAINT fk_workspace_syncs_workspace_id FOREIGN KEY (workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX IF NOT EXISTS idx_workspace_syncs_workspace_id ON workspace_syncs (workspace_id);
CREATE UNIQUE INDEX IF NOT EXISTS uq_workspace_syncs_workspace_id ON workspace_syncs (workspace_id)
  WHERE state IN ('running', 'undoing');
