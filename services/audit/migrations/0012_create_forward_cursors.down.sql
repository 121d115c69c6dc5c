DROP TABLE IF EXISTS audit.forward_cursors;
