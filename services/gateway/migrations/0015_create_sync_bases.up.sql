-- The version at which a document of a copied workspace was last equal here and in the shared database.
CREATE TABLE IF NOT EXISTS sync_bases (
  id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  own_version INTEGER NOT NULL,
  shared_version INTEGER NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_sync_bases PRIMARY KEY (id),
  CONSTRAINT ck_sync_bases_kind CHECK (kind IN ('script', 'control-m-folder')),
  CONSTRAINT fk_sync_bases_workspace_id FOREIGN KEY (workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX IF NOT EXISTS idx_sync_bases_workspace_id ON sync_bases (workspace_id);
