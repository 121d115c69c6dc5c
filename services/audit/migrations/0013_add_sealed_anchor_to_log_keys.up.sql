-- The tree that the log must grow from to be signed, sealed like the private key: the one that was signed last, or the one that signing begins with.
ALTER TABLE audit.log_keys
  ADD COLUMN IF NOT EXISTS sealed_anchor text;
