-- A document of "jobs as code" as it was imported: its text, and the folders that were made of it (JSON: id by name), so that an
-- export gives it back character by character.
CREATE TABLE IF NOT EXISTS control_m_documents (
  id TEXT NOT NULL,
  workspace_id TEXT NOT NULL,
  name TEXT NOT NULL,
  source TEXT NOT NULL,
  folders TEXT NOT NULL,
  created_by TEXT NOT NULL,
  created_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  updated_at TEXT NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ', 'now')),
  CONSTRAINT pk_control_m_documents PRIMARY KEY (id),
  CONSTRAINT fk_control_m_documents_workspace_id FOREIGN KEY (workspace_id) REFERENCES workspaces (id) ON DELETE CASCADE
) STRICT;
CREATE UNIQUE INDEX IF NOT EXISTS uq_control_m_documents_workspace_id_name ON control_m_documents (workspace_id, name);
