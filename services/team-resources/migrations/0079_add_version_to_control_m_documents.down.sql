ALTER TABLE team.control_m_documents
  DROP COLUMN IF EXISTS sha256,
  DROP COLUMN IF EXISTS size_bytes,
  DROP COLUMN IF EXISTS deleted_at,
  DROP COLUMN IF EXISTS version;
