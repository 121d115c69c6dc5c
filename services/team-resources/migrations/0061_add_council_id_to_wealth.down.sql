ALTER TABLE team.wealth DROP COLUMN IF EXISTS council_id;
