DROP TABLE IF EXISTS workspace_syncs;
