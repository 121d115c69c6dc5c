-- The community of the disputed wealth, so that its disputes are listed by an index.
ALTER TABLE team.disputes ADD COLUMN IF NOT EXISTS community_id uuid
  CONSTRAINT fk_disputes_community_id REFERENCES team.communities (id) ON DELETE CASCADE;
