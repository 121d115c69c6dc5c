ALTER TABLE audit.log_keys
  DROP COLUMN IF EXISTS sealed_anchor;
