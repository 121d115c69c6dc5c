ALTER TABLE control_m_folders DROP COLUMN sha256;
ALTER TABLE control_m_folders DROP COLUMN size_bytes;
