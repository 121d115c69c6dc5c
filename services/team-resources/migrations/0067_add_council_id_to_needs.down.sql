ALTER TABLE team.needs
  DROP COLUMN IF EXISTS is_of_community,
  DROP COLUMN IF EXISTS council_id;
