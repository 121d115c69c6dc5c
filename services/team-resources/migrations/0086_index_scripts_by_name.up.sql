CREATE INDEX IF NOT EXISTS idx_scripts_workspace_id_name_id ON team.scripts (workspace_id, lower(name), id);
