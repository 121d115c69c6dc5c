-- A script as it is now; script_versions has it as it was.
CREATE TABLE IF NOT EXISTS team.scripts (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  name text NOT NULL,
  language text NOT NULL,
  content text NOT NULL,
  created_by text NOT NULL,
  version int8 NOT NULL DEFAULT 1,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  deleted_at timestamptz,
  CONSTRAINT pk_scripts PRIMARY KEY (id),
  CONSTRAINT fk_scripts_workspace_id FOREIGN KEY (workspace_id) REFERENCES team.workspaces (id) ON DELETE CASCADE
);
CREATE INDEX IF NOT EXISTS idx_scripts_workspace_id_created_at ON team.scripts (workspace_id, created_at, id);
