ALTER TABLE team.script_versions
  DROP COLUMN IF EXISTS sha256,
  DROP COLUMN IF EXISTS size_bytes,
  DROP COLUMN IF EXISTS restored_from,
  DROP COLUMN IF EXISTS note;
