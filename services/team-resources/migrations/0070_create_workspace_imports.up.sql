-- The solo workspaces that move into a community. Until completed_at is set, the workspace is soft-deleted and nobody sees it.
CREATE TABLE IF NOT EXISTS team.workspace_imports (
  id uuid NOT NULL DEFAULT gen_random_uuid(),
  workspace_id uuid NOT NULL,
  sha256 text,
  completed_at timestamptz,
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  updated_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_workspace_imports PRIMARY KEY (id),
  CONSTRAINT fk_workspace_imports_workspace_id FOREIGN KEY (workspace_id) REFERENCES team.workspaces (id) ON DELETE CASCADE
);
CREATE UNIQUE INDEX IF NOT EXISTS uq_workspace_imports_workspace_id ON team.workspace_imports (workspace_id);
