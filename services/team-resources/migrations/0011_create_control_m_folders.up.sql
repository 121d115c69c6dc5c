-- A folder of BMC Control-M as "jobs as code". The definition is the JSON text as it was sent: jsonb would order its keys anew and
-- write its numbers differently. Its jobs are counted when it is saved, so that a list reads no definition.
CREATE TABLE IF NOT EXISTS team.control_m_folders (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  name text NOT NULL,
  definition text NOT NULL,
  job_count int8 NOT NULL,
  created_by text NOT NULL,
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT pk_control_m_folders PRIMARY KEY (id),
  CONSTRAINT fk_control_m_folders_workspace_id FOREIGN KEY (workspace_id) REFERENCES team.workspaces (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_control_m_folders_workspace_id_created_at ON team.control_m_folders (workspace_id, created_at, id);
CREATE UNIQUE INDEX IF NOT EXISTS uq_control_m_folders_workspace_id_name ON team.control_m_folders (workspace_id, name)
  WHERE deleted_at IS NULL;
