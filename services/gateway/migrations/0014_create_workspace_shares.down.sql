DROP TABLE IF EXISTS workspace_shares;
