DROP TABLE IF EXISTS team.scripts;
