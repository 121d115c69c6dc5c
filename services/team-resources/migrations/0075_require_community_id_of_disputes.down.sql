ALTER TABLE team.disputes ALTER COLUMN community_id DROP NOT NULL;
