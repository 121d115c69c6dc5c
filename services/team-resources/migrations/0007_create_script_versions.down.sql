DROP TABLE IF EXISTS team.script_versions;
