DROP TABLE IF EXISTS script_versions;
