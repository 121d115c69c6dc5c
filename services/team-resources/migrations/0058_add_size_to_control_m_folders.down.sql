ALTER TABLE team.control_m_folders
  DROP COLUMN IF EXISTS sha256,
  DROP COLUMN IF EXISTS size_bytes;
