DROP TABLE IF EXISTS team.workspaces;
