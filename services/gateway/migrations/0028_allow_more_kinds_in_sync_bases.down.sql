-- What an earlier release does not know is forgotten: it did not synchronise it.
ALTER TABLE sync_bases RENAME TO sync_bases_before;
CREATE TABLE sync_bases (
  id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  own_version INTEGER NOT NULL,
  shared_version INTEGER NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  description TEXT,
  tags TEXT,
  CONSTRAINT pk_sync_bases PRIMARY KEY (id),
  CONSTRAINT ck_sync_bases_kind CHECK (kind IN ('script', 'control-m-folder')),
  CONSTRAINT fk_sync_bases_workspace_id FOREIGN KEY (workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
) STRICT;
INSERT INTO sync_bases (id, workspace_id, kind, own_version, shared_version, created_at, updated_at, description, tags)
SELECT id, workspace_id, kind, own_version, shared_version, created_at, updated_at, description, tags
FROM sync_bases_before
WHERE kind IN ('script', 'control-m-folder') ORDER BY rowid;
DROP TABLE sync_bases_before;
CREATE INDEX IF NOT EXISTS idx_sync_bases_workspace_id ON sync_bases (workspace_id);
