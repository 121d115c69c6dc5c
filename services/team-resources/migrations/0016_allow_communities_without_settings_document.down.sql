ALTER TABLE team.communities ALTER COLUMN settings SET NOT NULL;
