ALTER TABLE control_m_documents DROP COLUMN sha256;
ALTER TABLE control_m_documents DROP COLUMN size_bytes;
ALTER TABLE control_m_documents DROP COLUMN deleted_at;
ALTER TABLE control_m_documents DROP COLUMN version;
