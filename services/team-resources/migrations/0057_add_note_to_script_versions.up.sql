-- Why a version was saved, the version that it restored, and the size and digest of its text.
ALTER TABLE team.script_versions
  ADD COLUMN IF NOT EXISTS note text NOT NULL DEFAULT '',
  ADD COLUMN IF NOT EXISTS restored_from int8,
  ADD COLUMN IF NOT EXISTS size_bytes int8,
  ADD COLUMN IF NOT EXISTS sha256 text;
