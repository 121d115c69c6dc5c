-- Contract: since 0.1.0 no program reads or writes this document; every setting is in its column.
ALTER TABLE team.communities DROP COLUMN IF EXISTS settings;
