-- A community is written without the one document of settings from here on.
ALTER TABLE team.communities ALTER COLUMN settings DROP NOT NULL;
