DROP TABLE IF EXISTS audit.retention_policies;
