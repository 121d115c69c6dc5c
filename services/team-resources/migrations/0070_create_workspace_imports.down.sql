DROP TABLE IF EXISTS team.workspace_imports;
