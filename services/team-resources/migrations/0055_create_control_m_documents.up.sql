-- A document of "jobs as code" as it was imported: its text, and the folders that were made of it (JSON: id by name), so that an
-- export gives it back character by character.
CREATE TABLE IF NOT EXISTS team.control_m_documents (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  name text NOT NULL,
  source text NOT NULL,
  folders text NOT NULL,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_control_m_documents PRIMARY KEY (id),
  CONSTRAINT fk_control_m_documents_workspace_id FOREIGN KEY (workspace_id) REFERENCES team.workspaces (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_control_m_documents_workspace_id_name ON team.control_m_documents (workspace_id, name);
