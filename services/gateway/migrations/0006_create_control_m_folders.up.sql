-- A folder of BMC Control-M as "jobs as code". The definition is the JSON text as it was sent. Its jobs are counted when it is saved,
-- so that a list reads no definition.
CREATE TABLE IF NOT EXISTS control_m_folders (
  id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  definition TEXT NOT NULL,
  job_count INTEGER NOT NULL,
  created_by TEXT NOT NULL,
  version INTEGER NOT NULL DEFAULT 1,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  deleted_at TEXT,
  CONSTRAINT pk_control_m_folders PRIMARY KEY (id),
  CONSTRAINT fk_control_m_folders_workspace_id FOREIGN KEY (workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
) STRICT;
CREATE INDEX IF NOT EXISTS idx_control_m_folders_workspace_id_created_at ON control_m_folders (workspace_id, created_at, id);
CREATE UNIQUE INDEX IF NOT EXISTS uq_control_m_folders_workspace_id_name ON control_m_folders (workspace_id, name)
  WHERE deleted_at IS NULL;
