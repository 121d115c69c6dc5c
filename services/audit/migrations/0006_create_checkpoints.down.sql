DROP TABLE IF EXISTS audit.checkpoints;
