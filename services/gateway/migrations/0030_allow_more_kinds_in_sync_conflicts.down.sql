-- What an earlier release does not know is forgotten: it did not synchronise it.
ALTER TABLE sync_conflicts RENAME TO sync_conflicts_before;
CREATE TABLE sync_conflicts (
  id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  document_id TEXT NOT NULL,
  kind TEXT NOT NULL,
  name TEXT NOT NULL,
  reason TEXT NOT NULL,
  base TEXT,
  mine TEXT,
  theirs TEXT,
  own_version INTEGER,
  shared_version INTEGER,
  pointers TEXT NOT NULL DEFAULT '[]',
  resolution TEXT,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_sync_conflicts PRIMARY KEY (id),
  CONSTRAINT ck_sync_conflicts_kind CHECK (kind IN ('script', 'control-m-folder')),
  CONSTRAINT ck_sync_conflicts_resolution CHECK (resolution IN ('mine', 'theirs', 'merged', 'withdrawn')),
  CONSTRAINT fk_sync_conflicts_workspace_id FOREIGN KEY (workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
) STRICT;
INSERT INTO sync_conflicts (id, workspace_id, document_id, kind, name, reason, base, mine, theirs, own_version, shared_version, pointers, resolution,
  created_at, updated_at)
SELECT id, workspace_id, document_id, kind, name, reason, base, mine, theirs, own_version, shared_version, pointers, resolution,
  created_at, updated_at
FROM sync_conflicts_before
WHERE kind IN ('script', 'control-m-folder') ORDER BY rowid;
DROP TABLE sync_conflicts_before;
CREATE INDEX IF NOT EXISTS idx_sync_conflicts_workspace_id_created_at ON sync_conflicts (workspace_id, created_at, id);
CREATE UNIQUE INDEX IF NOT EXISTS uq_sync_conflicts_document_id ON sync_conflicts (document_id) WHERE resolution IS NULL;
