-- A document is a versioned row that can be deleted and restored. The length of its text in UTF-8, in bytes, and its SHA-256 in
-- hexadecimal: null in rows of earlier releases.
ALTER TABLE control_m_documents ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
ALTER TABLE control_m_documents ADD COLUMN deleted_at TEXT;
ALTER TABLE control_m_documents ADD COLUMN size_bytes INTEGER;
ALTER TABLE control_m_documents ADD COLUMN sha256 TEXT;
