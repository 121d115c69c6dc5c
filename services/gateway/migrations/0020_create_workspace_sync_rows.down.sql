DROP TABLE IF EXISTS workspace_sync_rows;
