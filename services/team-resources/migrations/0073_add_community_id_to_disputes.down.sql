ALTER TABLE team.disputes DROP COLUMN IF EXISTS community_id;
