-- The length of the definition in UTF-8, in bytes, and its SHA-256 in hexadecimal. Null in rows of earlier releases.
ALTER TABLE control_m_folders ADD COLUMN size_bytes INTEGER;
ALTER TABLE control_m_folders ADD COLUMN sha256 TEXT;
