DROP TABLE IF EXISTS audit.log_keys;
