DROP INDEX IF EXISTS team.idx_scripts_workspace_id_updated_at_id;
