CREATE INDEX IF NOT EXISTS idx_scripts_workspace_id_updated_at_id ON team.scripts (workspace_id, updated_at, id);
