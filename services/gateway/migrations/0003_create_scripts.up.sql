-- A script as it is now; script_versions has it as it was.
CREATE TABLE IF NOT EXISTS scripts (
  id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  language TEXT NOT NULL,
  content TEXT NOT NULL,
  created_by TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  deleted_at TEXT,
  CONSTRAINT pk_scripts PRIMARY KEY (id),
  CONSTRAINT fk_scripts_workspace_id FOREIGN KEY (workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX IF NOT EXISTS idx_scripts_workspace_id_created_at ON scripts (workspace_id, created_at, id);
