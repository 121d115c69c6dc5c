ALTER TABLE script_versions DROP COLUMN sha256;
ALTER TABLE script_versions DROP COLUMN size_bytes;
ALTER TABLE script_versions DROP COLUMN restored_from;
ALTER TABLE script_versions DROP COLUMN note;
