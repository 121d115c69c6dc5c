-- A named box of scripts of this machine's user.
CREATE TABLE IF NOT EXISTS workspaces (
  id TEXT NOT NULL,
  name TEXT NOT NULL,
  description TEXT NOT NULL DEFAULT '',
  created_by TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  deleted_at TEXT,
  CONSTRAINT pk_workspaces PRIMARY KEY (id)
) STRICT;
CREATE INDEX IF NOT EXISTS idx_workspaces_created_at ON workspaces (created_at, id);
