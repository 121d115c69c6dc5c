ALTER TABLE team.scripts
  DROP COLUMN IF EXISTS tags,
  DROP COLUMN IF EXISTS description;
