-- Why a version was saved, the version that it restored, and the size and digest of its text.
ALTER TABLE script_versions ADD COLUMN note TEXT NOT NULL DEFAULT '';
ALTER TABLE script_versions ADD COLUMN restored_from INTEGER;
ALTER TABLE script_versions ADD COLUMN size_bytes INTEGER;
ALTER TABLE script_versions ADD COLUMN sha256 TEXT;
