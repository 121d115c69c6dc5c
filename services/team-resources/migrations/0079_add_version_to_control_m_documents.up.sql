-- A document is a versioned row that can be deleted and restored. The length of its text in UTF-8, in bytes, and its SHA-256 in
-- hexadecimal: null in rows of earlier releases.
ALTER TABLE team.control_m_documents
  ADD COLUMN IF NOT EXISTS version int8 NOT NULL DEFAULT 1,
  ADD COLUMN IF NOT EXISTS deleted_at timestamptz,
  ADD COLUMN IF NOT EXISTS size_bytes int8,
  ADD COLUMN IF NOT EXISTS sha256 text;
