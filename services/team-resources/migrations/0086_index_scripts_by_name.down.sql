DROP INDEX IF EXISTS team.idx_scripts_workspace_id_name_id;
