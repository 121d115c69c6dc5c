DROP TABLE IF EXISTS audit.log_tiles;
