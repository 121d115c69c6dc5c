-- The length of the definition in UTF-8, in bytes, and its SHA-256 in hexadecimal. Null in rows of earlier releases.
ALTER TABLE team.control_m_folders
  ADD COLUMN IF NOT EXISTS size_bytes int8,
  ADD COLUMN IF NOT EXISTS sha256 text;
